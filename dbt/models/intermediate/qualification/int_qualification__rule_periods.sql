-- When a rule version holds for a lead: any of its groups does, in the longest periods. The predicates
-- are those of the groups that hold at the start of the period.
with groups as (select * from {{ ref('int_qualification__group_periods') }}),

conditions as (select * from {{ ref('int_qualification__conditions') }}),

predicate_periods as (select * from {{ ref('int_qualification__predicate_periods') }}),

-- A period that begins after the end of all earlier ones begins a new one.
marked as (
    select
        *,
        case
            when
                valid_from <= max(coalesce(valid_to, timestamp '9999-12-31 00:00:00')) over (
                    partition by lead_key, rule_id, rule_version
                    order by valid_from asc nulls last, group_no asc nulls last
                    rows between unbounded preceding and 1 preceding
                )
                then 0
            else 1
        end as starts_period
    from groups
),

numbered as (
    select
        *,
        sum(starts_period) over (
            partition by lead_key, rule_id, rule_version
            order by valid_from asc nulls last, group_no asc nulls last
            rows between unbounded preceding and current row
        ) as period_number
    from marked
),

merged as (
    select
        lead_key, stage, rule_id, rule_version,
        min(valid_from) as valid_from,
        nullif(
            max(coalesce(valid_to, timestamp '9999-12-31 00:00:00')), timestamp '9999-12-31 00:00:00'
        ) as valid_to,
        period_number
    from numbered
    group by lead_key, stage, rule_id, rule_version, period_number
),

fired as (
    select
        merged.lead_key, merged.rule_id, merged.rule_version, merged.period_number,
        {{ distinct_sorted_text("conditions.predicate", ",") }} as predicates,
        max(predicate_periods.known_at) as known_at
    from merged
    inner join groups
        on
            merged.lead_key = groups.lead_key
            and merged.rule_id = groups.rule_id
            and merged.rule_version = groups.rule_version
            and merged.valid_from = groups.valid_from
    inner join conditions
        on
            groups.rule_id = conditions.rule_id
            and groups.rule_version = conditions.rule_version
            and groups.group_no = conditions.group_no
    inner join predicate_periods
        on
            groups.lead_key = predicate_periods.lead_key
            and conditions.predicate = predicate_periods.predicate
            and merged.valid_from >= predicate_periods.valid_from
            and merged.valid_from < coalesce(predicate_periods.valid_to, timestamp '9999-12-31 00:00:00')
    group by merged.lead_key, merged.rule_id, merged.rule_version, merged.period_number
)

select
    merged.lead_key,
    merged.stage,
    merged.rule_id,
    merged.rule_version,
    merged.valid_from,
    merged.valid_to,
    fired.predicates,
    fired.known_at
from merged
inner join fired
    on
        merged.lead_key = fired.lead_key
        and merged.rule_id = fired.rule_id
        and merged.rule_version = fired.rule_version
        and merged.period_number = fired.period_number
