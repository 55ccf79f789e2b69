with robots as (select * from {{ ref('int_web__robots') }}),

sessions as (
    select source_system, started_date, count(*) as n_sessions
    from {{ ref('fct_web_session') }}
    group by source_system, started_date
)

select
    {{ surrogate_key(["robots.source_system", "robots.date_day"]) }} as traffic_quality_key,
    robots.source_system,
    robots.date_day,
    robots.n_events_received,
    robots.n_robot_events,
    robots.n_unjudged_events,
    robots.n_events_received - robots.n_robot_events as n_human_events,
    coalesce(sessions.n_sessions, 0) as n_sessions,
    {{ ratio("robots.n_robot_events", "robots.n_events_received") }} as robot_share,
    {{ wilson_bound("robots.n_robot_events", "robots.n_events_received", "low") }} as robot_share_low,
    {{ wilson_bound("robots.n_robot_events", "robots.n_events_received", "high") }} as robot_share_high
from robots
left join sessions on robots.source_system = sessions.source_system and robots.date_day = sessions.started_date
