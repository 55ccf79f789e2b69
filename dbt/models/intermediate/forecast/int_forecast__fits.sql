-- Each origin's forecast, cell by cell, from what earlier origins' cells brought; only origins whose
-- window was over by then teach.
with cells as (select * from {{ ref('int_forecast__cells') }}),

targets as (select * from {{ ref('forecast_target') }} where {{ in_force_now() }}),

spacing as (select {{ policy('forecast', 'origin_spacing_days') }} as spacing_days),

lessons as (
    select
        cells.*,
        targets.train_origins,
        cast(ceil(cells.horizon_days / spacing.spacing_days) as integer) as lag_origins
    from cells
    inner join targets on cells.target = targets.target
    cross join spacing
),

-- The origins each forecast learns from: the newest ones whose window was over.
forecasts as (select distinct target, origin_number, lag_origins, train_origins from lessons),

training as (
    select
        forecasts.target, forecasts.origin_number, lessons.state, lessons.age_band,
        lessons.origin_number as lesson_number, lessons.n_standing, lessons.amount, lessons.amount_squared
    from forecasts
    inner join lessons
        on
            forecasts.target = lessons.target
            and forecasts.origin_number + forecasts.lag_origins <= lessons.origin_number
            and forecasts.origin_number + forecasts.lag_origins + forecasts.train_origins > lessons.origin_number
),

rates as (
    select
        target, origin_number, state, age_band,
        count(*) as n_lessons,
        sum(n_standing) as n_learned,
        cast(sum(amount) as double) / sum(n_standing) as mean_amount,
        case
            when sum(n_standing) > 1
                then
                    greatest(
                        cast(sum(amount_squared) as double)
                        - cast(sum(amount) as double) * sum(amount) / sum(n_standing),
                        0
                    ) / (sum(n_standing) - 1)
            else 0
        end as variance
    from training
    group by target, origin_number, state, age_band
),

-- How wrong the rates are on the origins they were learned from: months differ by more than chance.
lesson_errors as (
    select
        training.target, training.origin_number, training.lesson_number,
        cast(sum(cast(training.amount - training.n_standing * rates.mean_amount as decimal(38, 9))) as double) as error
    from training
    inner join rates
        on
            training.target = rates.target
            and training.origin_number = rates.origin_number
            and training.state = rates.state
            and training.age_band = rates.age_band
    group by training.target, training.origin_number, training.lesson_number
),

errors as (
    select
        target, origin_number, count(*) as n_train_origins,
        cast(sum(cast(error * error as decimal(38, 6))) as double) / count(*) as mean_squared_error
    from lesson_errors
    group by target, origin_number
)

select
    cells.target, cells.horizon_days, cells.origin_number, cells.is_over, cells.state, cells.age_band,
    cells.n_standing, cells.amount,
    errors.n_train_origins,
    errors.mean_squared_error,
    cells.n_standing * coalesce(rates.mean_amount, 0) as expected_amount,
    cells.n_standing * coalesce(rates.variance * (1 + cells.n_standing / cast(rates.n_learned as double)), 0)
        as variance
from cells
left join rates
    on
        cells.target = rates.target
        and cells.origin_number = rates.origin_number
        and cells.state = rates.state
        and cells.age_band = rates.age_band
left join errors on cells.target = errors.target and cells.origin_number = errors.origin_number
