-- Each behaviour that may score, once per session, asset or occurrence as its repeat policy says,
-- numbered per person so that the item cap keeps the earliest.
with sessions as (select * from {{ ref('int_web__sessions') }} where person_key is not null),

events as (select * from {{ ref('int_web__events') }}),

items as (
    select * from {{ ref('score_item') }} where score_group = 'behaviour' and signal_kind = 'web_event'
),

person_events as (
    select
        sessions.person_key,
        sessions.session_key,
        events.event_id,
        events.event_name,
        events.asset_ref,
        events.occurred_at,
        events.first_known_at,
        dense_rank() over (
            partition by sessions.person_key
            order by
                sessions.started_at asc nulls last, sessions.first_event_id asc nulls last,
                sessions.session_key asc nulls last
        ) as session_number
    from events
    inner join sessions
        on
            events.source_system = sessions.source_system
            and events.anonymous_id = sessions.anonymous_id
            and events.session_id = sessions.session_id
),

candidates as (
    select
        person_events.*,
        items.score_item,
        items.points,
        items.max_count,
        items.rule_version,
        case items.repeat_policy
            when 'once' then 'once'
            when 'each_session' then person_events.session_key
            when 'each_later_session' then person_events.session_key
            when 'each_asset' then person_events.asset_ref
            else person_events.event_id
        end as repeat_key
    from person_events
    inner join items
        on
            items.signal in ('*', person_events.event_name)
            and (items.repeat_policy <> 'each_later_session' or person_events.session_number > 1)
            and {{ in_force('items', business_date('person_events.occurred_at')) }}
),

first_of_each as (
    select *
    from candidates
    qualify
        row_number() over (
            partition by person_key, score_item, repeat_key
            order by occurred_at asc nulls last, event_id asc nulls last
        ) = 1
)

select
    person_key,
    score_item,
    repeat_key,
    points,
    rule_version,
    occurred_at,
    event_id,
    first_known_at,
    row_number() over (
        partition by person_key, score_item order by occurred_at asc nulls last, event_id asc nulls last
    ) as hit_number,
    max_count
from first_of_each
