-- How often what came was within the interval of the forecast made before, and how far off it was.
with forecasts as (select * from {{ ref('fct_forecast') }}),

counted as (
    select
        target, label_en, label_zh, unit, horizon_days,
        count(is_covered) as n_forecasts,
        count(*) filter (where is_covered) as n_covered,
        count(*) filter (where not is_covered and actual > forecast_high) as n_above,
        count(*) filter (where not is_covered and actual < forecast_low) as n_below,
        max(case when is_current then forecast_status end) as forecast_status,
        max(case when is_current then verdict_en end) as verdict_en,
        max(case when is_current then verdict_zh end) as verdict_zh,
        round(sum(case when is_covered is not null then actual - forecast end) / count(is_covered), 3) as mean_error,
        {{ ratio(
            "sum(case when is_covered is not null then abs(actual - forecast) end)",
            "sum(case when is_covered is not null then actual end)"
        ) }} as error_share
    from forecasts
    group by target, label_en, label_zh, unit, horizon_days
)

select
    target, label_en, label_zh, unit, horizon_days, n_forecasts, n_covered, n_above, n_below,
    {{ ratio("n_covered", "n_forecasts") }} as coverage,
    {{ wilson_bound("n_covered", "n_forecasts", "low") }} as coverage_low,
    {{ wilson_bound("n_covered", "n_forecasts", "high") }} as coverage_high,
    mean_error,
    round(error_share, 6) as error_share,
    case when n_forecasts >= {{ policy('funnel', 'small_n') }} then 'ok' else 'small_n' end as ratio_status,
    forecast_status, verdict_en, verdict_zh
from counted
