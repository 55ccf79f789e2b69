-- How often what came was within the interval of the forecast made before, and how far off it was.
with forecasts as (select * from {{ ref('fct_forecast') }}),

counted as (
    select
        target, label_en, label_zh, unit, horizon_days,
        count(is_covered) as n_forecasts,
        count(*) filter (where is_covered) as n_covered,
        round(sum(case when is_covered is not null then actual - forecast end) / count(is_covered), 3) as mean_error,
        {{ ratio(
            "sum(case when is_covered is not null then abs(actual - forecast) end)",
            "sum(case when is_covered is not null then actual end)"
        ) }} as error_share
    from forecasts
    group by target, label_en, label_zh, unit, horizon_days
)

select
    target, label_en, label_zh, unit, horizon_days, n_forecasts, n_covered,
    {{ ratio("n_covered", "n_forecasts") }} as coverage,
    {{ wilson_bound("n_covered", "n_forecasts", "low") }} as coverage_low,
    {{ wilson_bound("n_covered", "n_forecasts", "high") }} as coverage_high,
    mean_error,
    round(error_share, 6) as error_share,
    case when n_forecasts >= {{ policy('funnel', 'small_n') }} then 'ok' else 'small_n' end as ratio_status
from counted
