-- One cause per fall into the hole: ordered rule rows in force that day, the last of which matches everything.
with signals as (select * from {{ ref('int_blackhole__signals') }}),

rules as (select * from {{ ref('black_hole_cause') }}),

combinations as (select distinct stage, holder, handoff_state, missed_clock, contact from signals),

matched as (
    select
        combinations.*, rules.rule_order, rules.cause, rules.responsible_party, rules.rule_version,
        rules.valid_from, rules.valid_to
    from combinations
    cross join rules
    where
        coalesce({{ regex_like("combinations.stage", "rules.stage_regex") }}, true)
        and coalesce({{ regex_like("combinations.holder", "rules.holder_regex") }}, true)
        and coalesce({{ regex_like("combinations.handoff_state", "rules.handoff_regex") }}, true)
        and coalesce({{ regex_like("combinations.missed_clock", "rules.breach_regex") }}, true)
        and coalesce({{ regex_like("combinations.contact", "rules.contact_regex") }}, true)
)

select
    signals.*,
    matched.cause,
    -- Who holds it; what nobody of ours holds is marketing's.
    case
        when matched.responsible_party <> 'holder' then matched.responsible_party
        when signals.owner_side in ('sdr', 'sales') then signals.owner_side
        else 'marketing'
    end as responsible_party,
    matched.rule_version as cause_rule_version
from signals
left join matched
    on
        signals.stage = matched.stage
        and signals.holder = matched.holder
        and signals.handoff_state = matched.handoff_state
        and signals.missed_clock = matched.missed_clock
        and signals.contact = matched.contact
        and {{ in_force('matched', 'signals.entered_date') }}
qualify
    row_number() over (
        partition by signals.lead_key, signals.interval_number order by matched.rule_order asc nulls last
    ) = 1
