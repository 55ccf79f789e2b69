-- Daily counts of every series, days without anything included, from its first day to the last day its
-- extract covers: a day that is not delivered yet is not a day without leads.
with events as (select * from {{ ref('int_volume__events') }}),

series_rules as (select * from {{ ref('volume_series') }} where is_enabled and {{ in_force_now() }}),

calendar as (select * from {{ ref('business_calendar') }}),

day_types as (select * from {{ ref('day_type') }} where {{ in_force_now() }}),

presence as (select * from {{ ref('int_quality__extract_presence') }} where is_present),

watched as (
    select series_rules.volume_series, presence.newest_extract_date
    from series_rules
    inner join presence on series_rules.extract_table = presence.extract_table
),

counted as (
    select
        events.volume_series, 'all' as channel, {{ business_date("events.happened_at") }} as date_day,
        count(*) as n_events
    from events
    group by events.volume_series, {{ business_date("events.happened_at") }}
    union all
    select
        events.volume_series, events.channel, {{ business_date("events.happened_at") }} as date_day,
        count(*) as n_events
    from events
    inner join series_rules on events.volume_series = series_rules.volume_series and series_rules.is_by_channel
    where events.channel is not null
    group by events.volume_series, events.channel, {{ business_date("events.happened_at") }}
),

spans as (
    select counted.volume_series, counted.channel, watched.newest_extract_date, min(counted.date_day) as first_day
    from counted
    inner join watched on counted.volume_series = watched.volume_series
    group by counted.volume_series, counted.channel, watched.newest_extract_date
),

typed_days as (
    select
        date as date_day,
        case
            when is_makeup_workday then 'makeup_workday'
            when is_holiday then 'holiday'
            when is_workday then 'workday'
            else 'weekend'
        end as day_type
    from calendar
)

select
    spans.volume_series,
    spans.channel,
    typed_days.date_day,
    typed_days.day_type,
    day_types.baseline,
    coalesce(counted.n_events, 0) as n_events,
    row_number() over (
        partition by spans.volume_series, spans.channel, day_types.baseline
        order by typed_days.date_day asc nulls last
    ) as day_number
from spans
-- The extract of a day was drawn before the day was over.
inner join typed_days
    on spans.first_day <= typed_days.date_day and spans.newest_extract_date > typed_days.date_day
inner join day_types on typed_days.day_type = day_types.day_type
left join counted
    on
        spans.volume_series = counted.volume_series
        and spans.channel = counted.channel
        and typed_days.date_day = counted.date_day
