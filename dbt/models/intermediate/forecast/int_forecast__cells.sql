-- What each origin's standing brought within the horizon, by stage and age; and, as a cell of its own,
-- what came from enquiries (and deals) that were not there yet.
with origins as (select * from {{ ref('int_forecast__origins') }}),

positions as (select * from {{ ref('int_forecast__positions') }}),

arrivals as (select * from {{ ref('int_forecast__arrivals') }}),

targets as (
    select distinct target, horizon_days from arrivals
),

-- Windows that are not over have no outcome yet.
windows as (
    select
        targets.target, targets.horizon_days, origins.origin_number,
        {{ seconds_between("origins.origin_at", "origins.as_of") }} >= targets.horizon_days * 86400 as is_over
    from targets
    cross join origins
),

in_window as (
    select
        arrivals.target, origins.origin_number, arrivals.enquiry_lead_key, sum(arrivals.amount) as amount
    from arrivals
    cross join origins
    where
        arrivals.happened_at > origins.origin_at
        and {{ seconds_between("origins.origin_at", "arrivals.happened_at") }} <= arrivals.horizon_days * 86400
    group by arrivals.target, origins.origin_number, arrivals.enquiry_lead_key
),

-- What came, with where it stood: nowhere, when it was not there yet.
brought as (
    select in_window.target, in_window.origin_number, positions.state, positions.age_band, in_window.amount
    from in_window
    left join positions
        on
            in_window.origin_number = positions.origin_number
            and in_window.enquiry_lead_key = positions.enquiry_lead_key
),

sums as (
    select
        target, origin_number, coalesce(state, 'new') as state, coalesce(age_band, 'new') as age_band,
        sum(amount) as amount,
        sum(cast(cast(amount as double) * amount as decimal(38, 0))) as amount_squared
    from brought
    group by target, origin_number, coalesce(state, 'new'), coalesce(age_band, 'new')
),

standing as (
    select origin_number, state, age_band, count(*) as n_standing
    from positions
    group by origin_number, state, age_band
    union all
    select origin_number, 'new' as state, 'new' as age_band, 1 as n_standing
    from origins
)

select
    windows.target, windows.horizon_days, windows.origin_number, windows.is_over,
    standing.state, standing.age_band, standing.n_standing,
    coalesce(sums.amount, 0) as amount,
    coalesce(sums.amount_squared, 0) as amount_squared
from windows
inner join standing on windows.origin_number = standing.origin_number
left join sums
    on
        windows.target = sums.target
        and windows.origin_number = sums.origin_number
        and standing.state = sums.state
        and standing.age_band = sums.age_band
