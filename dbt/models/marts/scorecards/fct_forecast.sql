-- One forecast per target and origin, with an interval and, where its window is over, what came.
with fits as (select * from {{ ref('int_forecast__fits') }}),

origins as (select * from {{ ref('int_forecast__origins') }}),

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
    {{ surrogate_key(["bounded.target", "bounded.origin_number"]) }} as forecast_key,
    bounded.target,
    bounded.label_en,
    bounded.label_zh,
    bounded.unit,
    cast(bounded.horizon_days as integer) as horizon_days,
    bounded.origin_number,
    origins.origin_at,
    bounded.origin_number = 0 as is_current,
    cast(coalesce(bounded.n_train_origins, 0) as integer) as n_train_origins,
    case when bounded.is_enough then round(cast(bounded.expected_amount as double), 3) end as forecast,
    case when bounded.is_enough then bounded.low end as forecast_low,
    case when bounded.is_enough then bounded.high end as forecast_high,
    case when bounded.is_over then cast(bounded.actual_amount as bigint) end as actual,
    case
        when bounded.is_over and bounded.is_enough
            then bounded.actual_amount >= bounded.low and bounded.actual_amount <= bounded.high
    end as is_covered,
    case when bounded.is_enough then 'ok' else 'not_enough_data' end as forecast_status
from bounded
inner join origins on bounded.origin_number = origins.origin_number
