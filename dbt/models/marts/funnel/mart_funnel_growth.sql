-- Why this month's cohort brought more or fewer conversions than the month before: more came in, or more
-- of those who came in got there. Symmetric, so the two parts are the whole change and nothing is left.
with cohorts as (
    select * from {{ ref('mart_funnel_conversion') }}
    where period_kind = 'month' and is_mature and n_converted is not null
),

compared as (
    select
        cohorts.dimension_kind, cohorts.dimension_value, cohorts.from_stage, cohorts.to_stage,
        cohorts.horizon_days,
        earlier.period_start as previous_month,
        cohorts.period_start as cohort_month,
        earlier.n_entered as n_entered_before,
        cohorts.n_entered,
        earlier.n_converted as n_converted_before,
        cohorts.n_converted,
        cast(earlier.n_converted as double) / earlier.n_entered as rate_before,
        cast(cohorts.n_converted as double) / cohorts.n_entered as rate_now
    from cohorts
    inner join cohorts as earlier
        on
            cohorts.dimension_kind = earlier.dimension_kind
            and cohorts.dimension_value = earlier.dimension_value
            and cohorts.from_stage = earlier.from_stage
            and cohorts.to_stage = earlier.to_stage
            and cast(cohorts.period_start - interval '1' month as date) = earlier.period_start
),

decomposed as (
    select
        *,
        (n_entered - n_entered_before) * (rate_before + rate_now) / 2 as volume_effect,
        (rate_now - rate_before) * (n_entered + n_entered_before) / 2.0 as rate_effect,
        {{ newcombe_bound("n_converted", "n_entered", "n_converted_before", "n_entered_before", "low") }}
            as rate_change_low,
        {{ newcombe_bound("n_converted", "n_entered", "n_converted_before", "n_entered_before", "high") }}
            as rate_change_high
    from compared
)

select
    {{ surrogate_key(["cohort_month", "dimension_kind", "dimension_value", "from_stage", "to_stage"]) }}
        as funnel_growth_key,
    cohort_month, previous_month, dimension_kind, dimension_value, from_stage, to_stage, horizon_days,
    n_entered_before, n_entered, n_converted_before, n_converted,
    n_converted - n_converted_before as conversion_change,
    volume_effect,
    rate_effect,
    rate_now - rate_before as rate_change,
    rate_change_low,
    rate_change_high,
    rate_change_low > 0 or rate_change_high < 0 as is_rate_change_distinguishable
from decomposed
