-- Exactly one responsible party for each stuck lead: ordered rule rows, the last of which always matches.
with stuck as (select * from {{ ref('int_handoffs__stuck') }}),

rules as (select * from {{ ref('stuck_rule') }} where {{ in_force_now() }}),

leads as (select * from {{ ref('dim_lead') }}),

signals as (select distinct handoff_state, reason_code, owner_side, contact from stuck),

matched as (
    select
        signals.*, rules.rule_order, rules.responsible_party, rules.situation, rules.label_en, rules.label_zh,
        rules.rule_version
    from signals
    cross join rules
    where
        coalesce({{ regex_like("signals.handoff_state", "rules.handoff_regex") }}, true)
        and coalesce({{ regex_like("signals.reason_code", "rules.reason_regex") }}, true)
        and coalesce({{ regex_like("signals.owner_side", "rules.owner_side_regex") }}, true)
        and coalesce({{ regex_like("signals.contact", "rules.contact_regex") }}, true)
    qualify
        row_number() over (
            partition by signals.handoff_state, signals.reason_code, signals.owner_side, signals.contact
            order by rules.rule_order asc nulls last
        ) = 1
)

select
    stuck.lead_key,
    leads.source_system,
    leads.lead_id,
    stuck.handoff_key,
    leads.channel,
    stuck.stage,
    stuck.owner_user_id,
    stuck.owner_team_id,
    stuck.owner_side,
    stuck.handoff_state,
    nullif(stuck.reason_code, '') as reason_code,
    stuck.contact,
    stuck.moved_at,
    stuck.stuck_seconds / 86400 as days_stuck,
    matched.responsible_party,
    -- Who of that party: the owner, else whom the last hand-over names.
    case
        when stuck.owner_side = matched.responsible_party then stuck.owner_user_id
        when matched.responsible_party = 'sales' then stuck.to_user_id
        when matched.responsible_party = 'sdr' then stuck.from_user_id
    end as responsible_user_id,
    matched.situation,
    matched.label_en,
    matched.label_zh,
    matched.rule_order,
    matched.rule_version
from stuck
inner join leads on stuck.lead_key = leads.lead_key
left join matched
    on
        stuck.handoff_state = matched.handoff_state
        and stuck.reason_code = matched.reason_code
        and stuck.owner_side = matched.owner_side
        and stuck.contact = matched.contact
