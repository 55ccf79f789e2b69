-- The stage before any lead: visits and visitors per business day and channel, and how many of them
-- left their name (A08, F01). Without web events there is no row; mart_coverage says so.
with visits as (select * from {{ ref('fct_web_session') }}),

counted as (
    select
        started_date as date_day,
        channel,
        count(*) as n_sessions,
        count(distinct visitor_key) as n_visitors,
        count(distinct case when person_key is null then visitor_key end) as n_anonymous_visitors,
        count(distinct person_key) as n_known_persons,
        cast(sum(n_events) as bigint) as n_events,
        count(case when has_form then 1 end) as n_form_sessions,
        count(case when is_captured then 1 end) as n_captured_sessions
    from visits
    group by started_date, channel
)

select
    {{ surrogate_key(["date_day", "channel"]) }} as traffic_day_key,
    *,
    {{ ratio("n_captured_sessions", "n_sessions") }} as capture_rate,
    {{ wilson_bound("n_captured_sessions", "n_sessions", "low") }} as capture_rate_low,
    {{ wilson_bound("n_captured_sessions", "n_sessions", "high") }} as capture_rate_high
from counted
