-- The stage before any lead: visits and visitors per business day and channel, and how many of them
-- left their name (A08, F01). Without web events there is no row; mart_coverage says so.
with visits as (
    select * from {{ ref('fct_touchpoint') }} where touch_kind = 'web_session'
),

sessions as (
    select
        session_key, n_events,
        {{ surrogate_key(["source_system", "anonymous_id"]) }} as visitor_key
    from {{ ref('int_web__sessions') }}
)

select
    {{ surrogate_key([business_date("visits.occurred_at"), "visits.channel"]) }} as traffic_day_key,
    {{ business_date("visits.occurred_at") }} as date_day,
    visits.channel,
    count(*) as n_sessions,
    count(distinct sessions.visitor_key) as n_visitors,
    count(distinct case when visits.person_key is null then sessions.visitor_key end) as n_anonymous_visitors,
    count(distinct visits.person_key) as n_known_persons,
    cast(sum(sessions.n_events) as bigint) as n_events
from visits
inner join sessions on visits.touchpoint_key = sessions.session_key
group by {{ business_date("visits.occurred_at") }}, visits.channel
