-- Sales activities with what they count as (X5): an attempt, a connection, a two-way contact, or none.
-- Rules run once per distinct signal, never once per activity.
with activities as (select * from {{ ref('int_engagement__activity_records') }}),

rules as (select * from {{ ref('contact_kind') }}),

keyed as (
    select
        *,
        {{ surrogate_key(["kind", "direction", "outcome", "is_connected"]) }} as signal_key,
        {{ business_date("occurred_at") }} as occurred_date
    from activities
),

signals as (
    select distinct
        signal_key, kind, coalesce(direction, '') as direction, coalesce(outcome, '') as outcome, is_connected
    from keyed
),

matched as (
    select
        signals.signal_key, rules.rule_order, rules.contact_level, rules.is_rep_action, rules.rule_version,
        rules.valid_from, rules.valid_to
    from signals
    cross join rules
    where
        coalesce({{ regex_like("signals.kind", "rules.kind_regex") }}, true)
        and coalesce({{ regex_like("signals.direction", "rules.direction_regex") }}, true)
        and coalesce({{ regex_like("signals.outcome", "rules.outcome_regex") }}, true)
        and (rules.connected is null or coalesce(rules.connected = signals.is_connected, false))
)

select
    keyed.activity_key,
    keyed.record_type,
    keyed.lead_key,
    keyed.opportunity_key,
    keyed.source_system,
    keyed.actor_user_id,
    keyed.kind,
    keyed.direction,
    keyed.outcome,
    keyed.is_automated,
    case when not keyed.is_automated then matched.contact_level end as contact_level,
    not keyed.is_automated and coalesce(matched.is_rep_action, false) as is_rep_action,
    keyed.duration_s,
    keyed.occurred_at,
    keyed.recorded_at,
    keyed.known_at,
    matched.rule_version
from keyed
left join matched
    on keyed.signal_key = matched.signal_key and {{ in_force('matched', 'keyed.occurred_date') }}
qualify
    row_number() over (partition by keyed.activity_key order by matched.rule_order asc nulls last) = 1
