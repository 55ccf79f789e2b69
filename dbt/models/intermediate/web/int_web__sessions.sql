-- One row per visit; its source is that of its first event, as in web analytics tools.
with events as (select * from {{ ref('int_web__events') }}),

visitors as (select * from {{ ref('int_identity__visitors') }}),

numbered as (
    select
        *,
        row_number() over (
            partition by source_system, anonymous_id, session_id
            order by occurred_at asc nulls last, event_id asc nulls last
        ) as event_number
    from events
)

select
    {{ surrogate_key(["numbered.source_system", "numbered.anonymous_id", "numbered.session_id"]) }}
        as session_key,
    numbered.source_system,
    numbered.anonymous_id,
    numbered.session_id,
    max(visitors.person_key) as person_key,
    min(numbered.occurred_at) as started_at,
    max(numbered.occurred_at) as last_event_at,
    min(numbered.first_known_at) as first_known_at,
    count(*) as n_events,
    min_by(numbered.event_id, numbered.event_number) as first_event_id,
    max(numbered.utm_source) filter (where numbered.event_number = 1) as utm_source,
    max(numbered.utm_medium) filter (where numbered.event_number = 1) as utm_medium,
    max(numbered.utm_campaign) filter (where numbered.event_number = 1) as utm_campaign,
    max(numbered.utm_term) filter (where numbered.event_number = 1) as utm_term,
    max(numbered.click_id_type) filter (where numbered.event_number = 1) as click_id_type,
    max(numbered.click_id) filter (where numbered.event_number = 1) as click_id,
    max(numbered.referrer) filter (where numbered.event_number = 1) as referrer,
    max(numbered.page_path) filter (where numbered.event_number = 1) as landing_path
from numbered
left join visitors
    on
        numbered.source_system = visitors.source_system
        and numbered.anonymous_id = visitors.anonymous_id
group by numbered.source_system, numbered.anonymous_id, numbered.session_id
