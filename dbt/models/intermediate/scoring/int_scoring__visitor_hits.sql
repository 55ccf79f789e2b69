-- What visitors did of what the score counts, as known now.
with events as (
    select
        source_system,
        anonymous_id,
        session_id,
        event_id,
        event_name,
        asset_ref,
        occurred_at,
        first_known_at as known_at,
        row_number() over (
            partition by source_system, anonymous_id
            order by occurred_at asc nulls last, event_id asc nulls last
        ) as place,
        occurred_at as valid_from,
        cast(null as timestamp) as valid_to
    from {{ ref('int_web__events') }}
    where anonymous_id is not null
),

hits as (
    {{ visitor_hits('events', ['event_id', 'occurred_at', 'known_at', 'version_number']) }}
)

select * from hits
