-- Intervals of constant score, as known now.
with deltas as (select * from {{ ref('int_scoring__deltas') }}),

intervals as (
    {{ score_intervals('deltas', 'presence.computable_from') }}
)

select * from intervals
