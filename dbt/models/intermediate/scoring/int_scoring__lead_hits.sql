-- What the person behind each lead did of what the score counts, as known now.
with visitor_hits as (select * from {{ ref('int_scoring__visitor_hits') }}),

lead_visitors as (select * from {{ ref('int_scoring__lead_visitors') }}),

hits as (
    {{ lead_hits('visitor_hits', 'lead_visitors', ['event_id', 'occurred_at', 'known_at', 'version_number']) }}
)

select * from hits
