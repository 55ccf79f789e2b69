-- When the working time of a target is over: the first instant with so many working seconds after the
-- start. Shifts are found by their working hours since the calendar began, an equality, not by a range.
with clocks as (select * from {{ ref('int_sla__running') }} where clock = 'business'),

instants as (select * from {{ ref('int_sla__business_instants') }}),

shifts as (select * from {{ ref('int_time__business_shifts') }} where closes_second > opens_second),

steps as ({{ series("0", "24", "step") }}),

shift_ends as (
    select
        *,
        seconds_before + closes_second - opens_second as seconds_after,
        cast(floor(seconds_before / 3600) as bigint) as first_working_hour
    from shifts
),

working_hours as (
    select
        shift_ends.*,
        shift_ends.first_working_hour + steps.step as working_hour
    from shift_ends
    cross join steps
    where (shift_ends.first_working_hour + steps.step) * 3600 < shift_ends.seconds_after
),

targets as (
    select distinct
        clocks.started_at,
        clocks.target_seconds,
        instants.business_seconds + clocks.target_seconds as business_end
    from clocks
    inner join instants on clocks.started_at = instants.instant
),

placed as (
    select *, cast(ceil(business_end / 3600) as bigint) - 1 as working_hour from targets
)

select
    placed.started_at,
    placed.target_seconds,
    {{ to_utc(
        seconds_later(
            "cast(working_hours.date_day as timestamp)",
            "(working_hours.opens_second + placed.business_end - working_hours.seconds_before)"
        ),
        var("business_timezone")
    ) }} as due_at
from placed
inner join working_hours
    on
        placed.working_hour = working_hours.working_hour
        and placed.business_end > working_hours.seconds_before
        and placed.business_end <= working_hours.seconds_after
