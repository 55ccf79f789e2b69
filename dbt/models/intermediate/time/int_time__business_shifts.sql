-- Every calendar day with its shifts and the working seconds before each, so that the working time
-- between two instants is a difference of two numbers. A day without work has one empty shift.
with calendar as (select * from {{ ref('business_calendar') }}),

hours as (select * from {{ ref('business_hours') }}),

shifts as (
    select
        calendar.date as date_day,
        coalesce(hours.shift_number, 0) as shift_number,
        coalesce(hours.opens_second, 0) as opens_second,
        coalesce(hours.closes_second, 0) as closes_second
    from calendar
    left join hours on calendar.is_workday and {{ in_force('hours', 'calendar.date') }}
)

select
    date_day,
    shift_number,
    opens_second,
    closes_second,
    coalesce(
        sum(closes_second - opens_second) over (
            order by date_day asc nulls last, opens_second asc nulls last
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as seconds_before
from shifts
