-- One forecast per target and origin, with an interval and, where its window is over, what came.
with forecasts as (select * from {{ ref('int_forecast__intervals') }}),

calibrations as (select * from {{ ref('int_forecast__calibration') }}),

origins as (select * from {{ ref('int_forecast__origins') }}),

statuses as (select * from {{ ref('scorecard_status') }} where {{ in_force_now() }}),

judged as (
    select
        forecasts.*,
        calibrations.n_tested,
        case when forecasts.is_enough then calibrations.calibration else 'not_enough_data' end as forecast_status
    from forecasts
    inner join calibrations
        on forecasts.target = calibrations.target and forecasts.origin_number = calibrations.origin_number
)

select
    {{ surrogate_key(["judged.target", "judged.origin_number"]) }} as forecast_key,
    judged.target,
    judged.label_en,
    judged.label_zh,
    judged.unit,
    cast(judged.horizon_days as integer) as horizon_days,
    judged.origin_number,
    origins.origin_at,
    judged.origin_number = 0 as is_current,
    cast(coalesce(judged.n_train_origins, 0) as integer) as n_train_origins,
    case when judged.is_enough then round(cast(judged.expected_amount as double), 3) end as forecast,
    case when judged.is_enough then judged.low end as forecast_low,
    case when judged.is_enough then judged.high end as forecast_high,
    case when judged.is_over then cast(judged.actual_amount as bigint) end as actual,
    case
        when judged.is_over and judged.is_enough
            then judged.actual_amount >= judged.low and judged.actual_amount <= judged.high
    end as is_covered,
    judged.n_tested,
    judged.forecast_status,
    statuses.verdict_en,
    statuses.verdict_zh
from judged
inner join origins on judged.origin_number = origins.origin_number
left join statuses on judged.forecast_status = statuses.status
