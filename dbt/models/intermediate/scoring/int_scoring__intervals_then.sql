-- Intervals of constant score, each instant with what we knew at it.
with deltas as (select * from {{ ref('int_scoring__deltas_then') }}),

intervals as (
    {{ score_intervals('deltas', 'presence.known_from') }}
)

select * from intervals
