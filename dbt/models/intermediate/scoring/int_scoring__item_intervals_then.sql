-- Hits and points of each behaviour item over time, as we knew it at the time.
with hits as (select * from {{ ref('int_scoring__lead_hits_then') }}),

intervals as (
    {{ item_intervals('hits') }}
)

select * from intervals
