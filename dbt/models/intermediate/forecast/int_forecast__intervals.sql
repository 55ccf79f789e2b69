-- Forecast of each target and origin with its interval, and what came.
with fits as (select * from {{ ref('int_forecast__fits') }}),

targets as (select * from {{ ref('forecast_target') }} where {{ in_force_now() }}),

spacing as (select {{ policy('forecast', 'origin_spacing_days') }} as spacing_days),

summed as (
    select
        fits.target, fits.horizon_days, fits.origin_number, fits.is_over,
        targets.unit, targets.label_en, targets.label_zh, targets.interval_z, targets.train_origins,
        -- Counts are not negative; a period may pay back more than it receives.
        case when not targets.is_cash then 0 end as least_amount,
        max(fits.n_train_origins) as n_train_origins,
        coalesce(max(fits.n_train_origins) >= targets.min_train_origins, false) as is_enough,
        sum(cast(fits.expected_amount as decimal(38, 9))) as expected_amount,
        sum(cast(fits.amount as bigint)) as actual_amount,
        greatest(
            cast(sum(cast(fits.variance as decimal(38, 6))) as double),
            max(fits.mean_squared_error * (1 + 1.0 / fits.n_train_origins))
        ) as variance
    from fits
    inner join targets on fits.target = targets.target
    group by
        fits.target, fits.horizon_days, fits.origin_number, fits.is_over, targets.unit, targets.label_en,
        targets.label_zh, targets.interval_z, targets.train_origins, targets.min_train_origins, targets.is_cash
),

-- How wrong the forecasts were whose windows were over when this one was made: a trend the rates do not
-- see shows here, and widens the interval.
past_errors as (
    select
        forecasts.target,
        forecasts.origin_number,
        sum(cast(
            (cast(earlier.actual_amount as double) - cast(earlier.expected_amount as double))
            * (cast(earlier.actual_amount as double) - cast(earlier.expected_amount as double))
            as decimal(38, 3)
        )) / count(*) as mean_squared_error
    from summed as forecasts
    cross join spacing
    inner join summed as earlier
        on
            forecasts.target = earlier.target
            and forecasts.origin_number + ceil(forecasts.horizon_days / spacing.spacing_days) <= earlier.origin_number
            and forecasts.origin_number + ceil(forecasts.horizon_days / spacing.spacing_days)
            + forecasts.train_origins > earlier.origin_number
    where earlier.is_enough
    group by forecasts.target, forecasts.origin_number
),

judged as (
    select
        summed.*,
        summed.interval_z * sqrt(greatest(summed.variance, cast(past_errors.mean_squared_error as double)))
            as half_width
    from summed
    left join past_errors
        on summed.target = past_errors.target and summed.origin_number = past_errors.origin_number
),

bounded as (
    select
        *,
        greatest(floor(expected_amount - half_width), least_amount) as low,
        ceil(expected_amount + half_width) as high
    from judged
)

select
    target, horizon_days, origin_number, is_over, is_enough, n_train_origins, unit, label_en, label_zh,
    expected_amount, low, high, actual_amount
from bounded
