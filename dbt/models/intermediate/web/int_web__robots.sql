-- Events received per business day, and how many of them robots made: told by the collector's own flag.
-- Visits and scores leave robots out, so this is where their share can be seen.
with events as (
    {{ latest_version(ref('stg_web__events'), ['_source_system', 'event_id'], ['received_at']) }}
)

select
    _source_system as source_system,
    {{ business_date("occurred_at") }} as date_day,
    count(*) as n_events_received,
    count(case when is_bot then 1 end) as n_robot_events,
    count(case when is_bot is null then 1 end) as n_unjudged_events
from events
where not _is_deleted
group by _source_system, {{ business_date("occurred_at") }}
