-- Hits and points of each behaviour item over time, as known now.
with hits as (select * from {{ ref('int_scoring__lead_hits') }}),

intervals as (
    {{ item_intervals('hits') }}
)

select * from intervals
