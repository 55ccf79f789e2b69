-- Risk sets of each cell: how many had seen neither conversion nor exit, and were still in view, just
-- before each duration. Members that share a duration leave together; a duration of 0 is one like any other.
{%- set cell = "period_kind, period_start, dimension_kind, dimension_value, from_stage, to_stage, horizon_days" %}
with members as (select * from {{ ref('int_funnel__cells') }}),

-- What lies beyond the horizon only counts as still at risk until then.
durations as (
    select
        {{ cell }},
        case when outcome_s <= horizon_days * 86400 then outcome_s end as duration_s,
        count(*) as n_leaving,
        count(*) filter (where outcome = 'converted') as n_converted,
        count(*) filter (where outcome = 'exited') as n_exited,
        max(followed_s) as followed_s
    from members
    group by
        {{ cell }},
        case when outcome_s <= horizon_days * 86400 then outcome_s end
)

select
    *,
    max(followed_s) over (partition by {{ cell }}) as cell_followed_s,
    cast(sum(n_leaving) over (
        partition by {{ cell }} order by duration_s desc nulls first
        rows between unbounded preceding and current row
    ) as double) as n_at_risk
from durations
