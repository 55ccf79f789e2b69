-- When a forgotten lead was found again after it fell in, whether it was still in the hole or had been given
-- out anew meanwhile. What counts as found are rule rows.
with intervals as (select * from {{ ref('int_blackhole__intervals') }}),

contacts as (select * from {{ ref('int_blackhole__contacts') }} where is_conversation),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

exits as (select * from {{ ref('black_hole_exit') }} where is_rescue and {{ in_force_now() }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

happenings as (
    select lead_key, occurred_at as happened_at, 'conversation' as ended_by from contacts
    union all
    select lead_key, entered_at as happened_at, case when move = 'reenter' then 'return' else stage end as ended_by
    from stays
),

found_again as (
    select intervals.lead_key, intervals.interval_number, min(happenings.happened_at) as rescued_at
    from intervals
    inner join happenings
        on intervals.lead_key = happenings.lead_key and intervals.entered_at < happenings.happened_at
    inner join exits on happenings.ended_by = exits.ended_by
    group by intervals.lead_key, intervals.interval_number
)

select
    intervals.lead_key,
    intervals.interval_number,
    intervals.entered_at,
    found_again.rescued_at,
    {{ seconds_between("intervals.entered_at", "as_of.as_of") }}
    >= {{ policy("black_hole", "rescue_days") }} * 86400 as is_mature,
    coalesce(
        {{ seconds_between("intervals.entered_at", "found_again.rescued_at") }}
        <= {{ policy("black_hole", "rescue_days") }} * 86400, false
    ) as is_rescued_in_time
from intervals
cross join as_of
left join found_again
    on
        intervals.lead_key = found_again.lead_key
        and intervals.interval_number = found_again.interval_number
