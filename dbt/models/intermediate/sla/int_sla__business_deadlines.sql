-- When the working time of a target is over: the first instant with so many working seconds after the
-- start. Shifts are found by their working hours since the calendar began, an equality, not by a range.
with targets as (
    select distinct clocks.started_at, clocks.target_seconds, instants.business_seconds
    from {{ ref('int_sla__running') }} as clocks
    inner join {{ ref('int_sla__business_instants') }} as instants on clocks.started_at = instants.instant
    where clocks.clock = 'business'
),

shifts as (select * from {{ ref('int_time__business_shifts') }} where closes_second > opens_second),

steps as ({{ series("0", "24", "step") }}),

hours as (
    select
        shifts.*,
        seconds_before + closes_second - opens_second as seconds_after,
        cast(floor(seconds_before / 3600) as bigint) + steps.step as working_hour
    from shifts
    cross join steps
    where (cast(floor(seconds_before / 3600) as bigint) + steps.step) * 3600 < seconds_before + closes_second - opens_second
),

ends as (
    select
        started_at, target_seconds, business_seconds + target_seconds as business_end,
        cast(ceil((business_seconds + target_seconds) / 3600) as bigint) - 1 as working_hour
    from targets
)

select
    ends.started_at,
    ends.target_seconds,
    {{ to_utc(
        seconds_later(
            "cast(hours.date_day as timestamp)",
            "(hours.opens_second + ends.business_end - hours.seconds_before)"
        ),
        var("business_timezone")
    ) }} as due_at
from ends
inner join hours
    on
        ends.working_hour = hours.working_hour
        and ends.business_end > hours.seconds_before
        and ends.business_end <= hours.seconds_after
