with calendar as (select * from {{ ref('business_calendar') }})

select
    date as date_day,
    cast(date_trunc('month', date) as date) as month_start,
    cast(weekday as integer) as iso_weekday,
    is_workday,
    is_holiday,
    is_makeup_workday,
    holiday_name
from calendar
