-- Where every enquiry stood at every origin: the furthest stage it had reached and for how long, or that
-- it had been given up and how long ago.
with origins as (select * from {{ ref('int_forecast__origins') }}),

entries as (select * from {{ ref('int_funnel__stage_entries') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

exits as (select * from {{ ref('int_funnel__exits') }}),

returns as (select * from {{ ref('int_funnel__returns') }}),

bands as (select * from {{ ref('forecast_age_band') }} where {{ in_force_now() }}),

furthest as (
    select
        origins.origin_number,
        origins.origin_at,
        entries.enquiry_lead_key,
        max_by(entries.stage, stages.stage_rank) as stage,
        max(entries.reached_at) as reached_at
    from entries
    inner join stages on entries.stage = stages.stage
    cross join origins
    where entries.reached_at <= origins.origin_at
    group by origins.origin_number, origins.origin_at, entries.enquiry_lead_key
),

last_exits as (
    select origins.origin_number, exits.enquiry_lead_key, max(exits.exited_at) as exited_at
    from exits
    cross join origins
    where exits.exited_at <= origins.origin_at
    group by origins.origin_number, exits.enquiry_lead_key
),

-- An exit is over when a stay on the way to a deal began after it.
standing_exits as (
    select last_exits.*
    from last_exits
    inner join origins on last_exits.origin_number = origins.origin_number
    left join returns
        on
            last_exits.enquiry_lead_key = returns.enquiry_lead_key
            and last_exits.exited_at < returns.returned_at
            and origins.origin_at >= returns.returned_at
    where returns.enquiry_lead_key is null
),

placed as (
    select
        furthest.origin_number,
        furthest.origin_at,
        furthest.enquiry_lead_key,
        case when standing_exits.exited_at is null then furthest.stage else 'given_up' end as state,
        {{ seconds_between("coalesce(standing_exits.exited_at, furthest.reached_at)", "furthest.origin_at") }}
        / 86400 as age_days
    from furthest
    left join standing_exits
        on
            furthest.origin_number = standing_exits.origin_number
            and furthest.enquiry_lead_key = standing_exits.enquiry_lead_key
)

select
    placed.origin_number,
    placed.enquiry_lead_key,
    placed.state,
    bands.age_band
from placed
cross join bands
where
    placed.age_days >= bands.min_days
    and coalesce(placed.age_days < bands.max_days, true)
