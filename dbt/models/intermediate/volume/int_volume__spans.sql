-- Counts of the last day, or of the last few days of the same kind, on the scale on which the variance
-- of counts does not grow with them (Anscombe): one row per check of the seed.
with days as (select * from {{ ref('int_volume__days') }}),

checks as (select * from {{ ref('volume_check') }} where {{ in_force_now() }}),

windows as (
    select
        checks.volume_check, checks.span_days, checks.baseline_days, checks.min_baseline_days, checks.z_limit,
        days.volume_series, days.channel, days.baseline, days.day_number, days.date_day, days.day_type,
        cast(sum(earlier.n_events) as bigint) as n_events
    from days
    cross join checks
    inner join days as earlier
        on
            days.volume_series = earlier.volume_series
            and days.channel = earlier.channel
            and days.baseline = earlier.baseline
            and days.day_number >= earlier.day_number
            and days.day_number - checks.span_days < earlier.day_number
    where days.day_number >= checks.span_days
    group by
        checks.volume_check, checks.span_days, checks.baseline_days, checks.min_baseline_days, checks.z_limit,
        days.volume_series, days.channel, days.baseline, days.day_number, days.date_day, days.day_type
)

select *, 2 * sqrt(n_events + 0.375) as stable_count
from windows
