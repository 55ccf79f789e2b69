-- From the first stage of a path to its last within one horizon, stage by stage, for the same mature
-- members throughout: so the product of the steps is the rate from end to end.
with counted as (select * from {{ ref('int_funnel__path_counts') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

pooled as (
    select 'month' as period_kind, cohort_month as period_start, counted.* from counted
    union all
    select
        'all' as period_kind,
        min(cohort_month) over (partition by path) as period_start,
        counted.*
    from counted
),

summed as (
    select
        period_kind, period_start, dimension_kind, dimension_value,
        path, horizon_days, benchmark_rate, step_number, stage,
        stage in ('opportunity', 'account') as needs_wins,
        cast(sum(n_entered) as bigint) as n_entered,
        cast(sum(n_mature) as bigint) as n_mature,
        cast(sum(n_reached) as bigint) as n_reached,
        cast(sum(n_reached_after_exit) as bigint) as n_reached_after_exit
    from pooled
    group by all
),

stepped as (
    select
        summed.*,
        presence.has_wins or not summed.needs_wins as is_computable,
        lag(summed.n_reached) over (
            partition by
                summed.path, summed.period_kind, summed.period_start,
                summed.dimension_kind, summed.dimension_value
            order by summed.step_number asc nulls last
        ) as n_reached_before
    from summed
    cross join presence
),

rated as (
    select
        *,
        {{ ratio("n_reached", "n_mature", "is_computable") }} as end_to_end_rate,
        case when is_computable then {{ wilson_bound("n_reached", "n_mature", "low") }} end as end_to_end_rate_low,
        case when is_computable then {{ wilson_bound("n_reached", "n_mature", "high") }} end as end_to_end_rate_high,
        {{ ratio("n_reached", "n_reached_before", "is_computable") }} as step_rate,
        case when is_computable then {{ wilson_bound("n_reached", "n_reached_before", "low") }} end as step_rate_low,
        case when is_computable then {{ wilson_bound("n_reached", "n_reached_before", "high") }} end as step_rate_high
    from stepped
)

select
    {{ surrogate_key(["path", "period_kind", "period_start", "dimension_kind", "dimension_value", "stage"]) }}
        as funnel_path_key,
    path, period_kind, period_start, dimension_kind, dimension_value,
    cast(horizon_days as integer) as horizon_days,
    step_number, stage, n_entered, n_mature,
    case when is_computable then n_reached end as n_reached,
    case when is_computable then n_reached_after_exit end as n_reached_after_exit,
    step_rate, step_rate_low, step_rate_high,
    end_to_end_rate, end_to_end_rate_low, end_to_end_rate_high,
    benchmark_rate,
    case
        when benchmark_rate is null or end_to_end_rate is null then null
        when end_to_end_rate_low > benchmark_rate then 'above'
        when end_to_end_rate_high < benchmark_rate then 'below'
        else 'not_distinguishable'
    end as benchmark_verdict,
    n_mature = n_entered as is_mature,
    case
        when not is_computable then 'not_computable'
        when n_mature = 0 then 'immature'
        when n_mature < {{ policy('funnel', 'small_n') }} then 'small_n'
        -- A month half followed is not the month; of all time, the young are not asked at all.
        when n_mature < n_entered and period_kind = 'month' then 'immature'
        else 'ok'
    end as ratio_status
from rated
