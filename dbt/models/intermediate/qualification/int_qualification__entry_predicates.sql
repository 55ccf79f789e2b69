-- What each predicate of the rules in force was at an entry: true, false or unknown (no period).
with entries as (select * from {{ ref('int_qualification__entries') }}),

conditions as (select * from {{ ref('int_qualification__conditions') }}),

periods as (select * from {{ ref('int_qualification__predicate_periods') }}),

asked as (
    select
        entries.entry_event_id,
        entries.lead_key,
        entries.stage,
        entries.entered_at,
        conditions.predicate,
        max(cast(conditions.is_capture_item as integer)) = 1 as is_capture_item
    from entries
    inner join conditions
        on
            entries.stage = conditions.stage
            and entries.entered_at >= conditions.rule_from
            and entries.entered_at < coalesce(conditions.rule_to, timestamp '9999-12-31 00:00:00')
    group by entries.entry_event_id, entries.lead_key, entries.stage, entries.entered_at, conditions.predicate
)

select
    asked.entry_event_id,
    asked.lead_key,
    asked.stage,
    asked.entered_at,
    asked.predicate,
    asked.is_capture_item,
    periods.is_true,
    case periods.is_true when true then 'true' when false then 'false' else 'unknown' end as predicate_state,
    periods.valid_from as state_since,
    periods.known_at
from asked
left join periods
    on
        asked.lead_key = periods.lead_key
        and asked.predicate = periods.predicate
        and asked.entered_at >= periods.valid_from
        and asked.entered_at < coalesce(periods.valid_to, timestamp '9999-12-31 00:00:00')
