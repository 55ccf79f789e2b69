-- A row is a stage and channel whose day does not begin with what the day before left (F15); a day that
-- is left out had nothing.
with days as (select * from {{ ref('mart_funnel_daily') }}),

compared as (
    select
        later.stage,
        later.channel,
        later.date_day,
        later.opening,
        coalesce(earlier.closing, 0) as left_by_the_day_before
    from days as later
    left join days as earlier
        on
            later.stage = earlier.stage
            and later.channel = earlier.channel
            and later.date_day = cast(cast(earlier.date_day as timestamp) + interval '1' day as date)
)

select *
from compared
where opening <> left_by_the_day_before
