-- What the person behind each lead had done of what the score counts, as we knew it at the time.
with visitor_hits as (select * from {{ ref('int_scoring__visitor_hits_then') }}),

lead_visitors as (select * from {{ ref('int_scoring__lead_visitors_then') }}),

hits as (
    {{ lead_hits('visitor_hits', 'lead_visitors') }}
)

select * from hits
