-- When a group of conditions is refuted for a lead: any of its conditions is known not to hold. One row
-- per lead, rule set, group and longest period.
with periods as (select * from {{ ref('int_qualification__predicate_periods') }}),

conditions as (select * from {{ ref('int_qualification__set_conditions') }}),

refutations as (
    -- Two conditions may fail at one instant: rows are distinct, so their order is total.
    select distinct
        periods.lead_key,
        conditions.stage,
        conditions.rule_set_number,
        conditions.rule_id,
        conditions.group_no,
        greatest(periods.valid_from, conditions.set_from) as valid_from,
        coalesce(least(periods.valid_to, conditions.set_to), timestamp '9999-12-31 00:00:00') as valid_to
    from periods
    inner join conditions
        on
            periods.predicate = conditions.predicate
            and periods.is_true = conditions.is_negated
            and periods.valid_from < coalesce(conditions.set_to, timestamp '9999-12-31 00:00:00')
            and conditions.set_from < coalesce(periods.valid_to, timestamp '9999-12-31 00:00:00')
),

marked as (
    select
        *,
        case
            when valid_from <= max(valid_to) over (
                partition by lead_key, stage, rule_set_number, rule_id, group_no
                order by valid_from asc nulls last, valid_to asc nulls last
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as starts_period
    from refutations
),

numbered as (
    select
        *,
        sum(starts_period) over (
            partition by lead_key, stage, rule_set_number, rule_id, group_no
            order by valid_from asc nulls last, valid_to asc nulls last
            rows between unbounded preceding and current row
        ) as period_number
    from marked
)

select
    lead_key, stage, rule_set_number, rule_id, group_no,
    min(valid_from) as valid_from,
    max(valid_to) as valid_to
from numbered
group by lead_key, stage, rule_set_number, rule_id, group_no, period_number
