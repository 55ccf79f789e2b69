-- Working seconds of the business calendar up to each instant a clock starts or is measured to. An
-- instant beyond the calendar has no row: its working time is not known, and must not be guessed.
with clocks as (select * from {{ ref('int_sla__running') }}),

shifts as (select * from {{ ref('int_time__business_shifts') }}),

instants as (
    select started_at as instant from clocks
    union
    select measured_to as instant from clocks
    union
    select as_of as instant from clocks
),

local as (
    select
        instant,
        {{ business_date("instant") }} as date_day,
        {{ seconds_between(
            "date_trunc('day', " ~ to_local("instant", var("business_timezone")) ~ ")",
            to_local("instant", var("business_timezone"))
        ) }} as second_of_day
    from instants
)

select
    local.instant,
    min(shifts.seconds_before)
    + sum(greatest(0, least(local.second_of_day, shifts.closes_second) - shifts.opens_second)) as business_seconds
from local
inner join shifts on local.date_day = shifts.date_day
group by local.instant
