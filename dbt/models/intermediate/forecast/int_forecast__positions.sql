-- Where every enquiry stood at every origin: the furthest stage it had reached and for how long, or that
-- it had been given up and how long ago.
with origins as (select * from {{ ref('int_forecast__origins') }}),

entries as (select * from {{ ref('int_funnel__stage_entries') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

exits as (select * from {{ ref('int_funnel__exits') }}),

returns as (select * from {{ ref('int_funnel__returns') }}),

bands as (select * from {{ ref('forecast_age_band') }} where {{ in_force_now() }}),

-- How long each standing lasted: an origin then finds its own, and is not held against every entry.
reached as (
    select
        entries.enquiry_lead_key,
        entries.stage,
        entries.reached_at,
        lead(entries.reached_at) over (
            partition by entries.enquiry_lead_key order by stages.stage_rank asc nulls last
        ) as passed_at
    from entries
    inner join stages on entries.stage = stages.stage
),

furthest as (
    select
        origins.origin_number,
        origins.origin_at,
        reached.enquiry_lead_key,
        reached.stage,
        reached.reached_at
    from reached
    inner join origins
        on
            reached.reached_at <= origins.origin_at
            and coalesce(reached.passed_at, timestamp '9999-12-31 00:00:00') > origins.origin_at
),

-- An exit is over when a stay on the way to a deal began after it, or with the next exit.
first_returns as (
    select exits.enquiry_lead_key, exits.exited_at, min(returns.returned_at) as returned_at
    from exits
    left join returns
        on exits.enquiry_lead_key = returns.enquiry_lead_key and exits.exited_at < returns.returned_at
    group by exits.enquiry_lead_key, exits.exited_at
),

given_up as (
    select
        enquiry_lead_key,
        exited_at,
        least(
            returned_at,
            lead(exited_at) over (partition by enquiry_lead_key order by exited_at asc nulls last)
        ) as over_at
    from first_returns
),

standing_exits as (
    select origins.origin_number, given_up.enquiry_lead_key, given_up.exited_at
    from given_up
    inner join origins
        on
            given_up.exited_at <= origins.origin_at
            and coalesce(given_up.over_at, timestamp '9999-12-31 00:00:00') > origins.origin_at
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
