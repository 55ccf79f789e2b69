-- What visitors did of what the score counts, from the instant on at which we knew it.
with events as (
    select
        source_system,
        anonymous_id,
        session_id,
        event_id,
        event_name,
        asset_ref,
        occurred_at,
        greatest(occurred_at, known_from) as valid_from,
        known_to as valid_to
    from {{ ref('int_web__event_periods') }}
),

hits as (
    {{ visitor_hits('events') }}
)

select * from hits
