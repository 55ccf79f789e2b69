-- When all conditions of a group of a rule version hold for a lead: the sum of the signed changes of
-- its conditions reaches the number the group needs. The days outside the rule's validity hold nothing.
with periods as (select * from {{ ref('int_qualification__predicate_periods') }}),

conditions as (select * from {{ ref('int_qualification__conditions') }}),

held as (
    select
        periods.lead_key,
        conditions.stage,
        conditions.rule_id,
        conditions.rule_version,
        conditions.group_no,
        conditions.n_needed,
        greatest(periods.valid_from, conditions.rule_from) as valid_from,
        least(periods.valid_to, conditions.rule_to) as valid_to
    from periods
    inner join conditions
        on
            periods.predicate = conditions.predicate
            and periods.is_true <> conditions.is_negated
            and periods.valid_from < coalesce(conditions.rule_to, timestamp '9999-12-31 00:00:00')
            and conditions.rule_from < coalesce(periods.valid_to, timestamp '9999-12-31 00:00:00')
),

deltas as (
    select lead_key, stage, rule_id, rule_version, group_no, n_needed, valid_from as changed_at, 1 as delta
    from held
    union all
    select lead_key, stage, rule_id, rule_version, group_no, n_needed, valid_to as changed_at, -1 as delta
    from held
    where valid_to is not null
),

steps as (
    select lead_key, stage, rule_id, rule_version, group_no, n_needed, changed_at, sum(delta) as delta
    from deltas
    group by lead_key, stage, rule_id, rule_version, group_no, n_needed, changed_at
),

judged as (
    select
        lead_key, stage, rule_id, rule_version, group_no, changed_at,
        sum(delta) over (
            partition by lead_key, rule_id, rule_version, group_no order by changed_at asc nulls last
            rows between unbounded preceding and current row
        ) = n_needed as is_held
    from steps
),

changes as (
    select *
    from judged
    qualify
        is_held <> coalesce(lag(is_held) over (
            partition by lead_key, rule_id, rule_version, group_no order by changed_at asc nulls last
        ), false)
),

periods_held as (
    select
        lead_key, stage, rule_id, rule_version, group_no, is_held,
        changed_at as valid_from,
        lead(changed_at) over (
            partition by lead_key, rule_id, rule_version, group_no order by changed_at asc nulls last
        ) as valid_to
    from changes
)

select lead_key, stage, rule_id, rule_version, group_no, valid_from, valid_to
from periods_held
where is_held
