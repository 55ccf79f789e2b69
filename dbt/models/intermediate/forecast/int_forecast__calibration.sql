-- Whether a forecast's interval may be believed, from the forecasts whose windows were over when it was made.
with forecasts as (select * from {{ ref('int_forecast__intervals') }}),

spacing as (select {{ policy('forecast', 'origin_spacing_days') }} as spacing_days),

tested as (
    select
        forecasts.target,
        forecasts.origin_number,
        count(earlier.target) as n_tested,
        count(*) filter (where earlier.actual_amount > earlier.high) as n_above,
        count(*) filter (where earlier.actual_amount < earlier.low) as n_below
    from forecasts
    cross join spacing
    left join forecasts as earlier
        on
            forecasts.target = earlier.target
            and forecasts.origin_number + ceil(forecasts.horizon_days / spacing.spacing_days) <= earlier.origin_number
            and earlier.is_enough
    group by forecasts.target, forecasts.origin_number
),

rated as (
    select *, 100.0 * (n_tested - n_above - n_below) / n_tested as coverage_percent
    from tested
    where n_tested > 0
)

select
    tested.target,
    tested.origin_number,
    tested.n_tested,
    case
        when tested.n_tested < {{ policy('forecast', 'min_backtests') }} then 'not_backtested'
        when rated.coverage_percent > {{ policy('forecast', 'max_coverage_percent') }} then 'too_wide'
        when rated.coverage_percent >= {{ policy('forecast', 'min_coverage_percent') }} then 'ok'
        -- Misses on one side are no scatter.
        when 100 * tested.n_above >= {{ policy('forecast', 'one_sided_percent') }} * (tested.n_above + tested.n_below)
            then 'biased_low'
        when 100 * tested.n_below >= {{ policy('forecast', 'one_sided_percent') }} * (tested.n_above + tested.n_below)
            then 'biased_high'
        else 'too_narrow'
    end as calibration
from tested
left join rated on tested.target = rated.target and tested.origin_number = rated.origin_number
