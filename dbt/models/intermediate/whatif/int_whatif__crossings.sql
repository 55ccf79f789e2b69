-- Each time the score of a lead rises above a threshold that is tried out, over its whole history: a
-- rise crosses every threshold between the score before and after it. Net leads only: tests, spam and
-- duplicates are nobody's work, and that nobody called them tells nothing about a threshold.
with scores as (select * from {{ ref('int_scoring__intervals') }}),

outcomes as (select * from {{ ref('int_leads__outcomes') }} where cleaning_outcome = 'net'),

cuts as (select * from {{ ref('int_whatif__cuts') }}),

rises as (
    select
        scores.lead_key,
        scores.valid_from as crossed_at,
        scores.total_points,
        -- Not computable, or not there yet: below every threshold.
        coalesce(
            lag(scores.total_points) over (partition by scores.lead_key order by scores.valid_from asc nulls last),
            -1
        ) as previous_points
    from scores
    inner join outcomes on scores.lead_key = outcomes.lead_key
)

select
    cuts.threshold_name,
    cuts.cut_points,
    rises.lead_key,
    rises.crossed_at,
    rises.total_points,
    row_number() over (
        partition by cuts.threshold_name, cuts.cut_points, rises.lead_key
        order by rises.crossed_at asc nulls last
    ) as crossing_number
from rises
cross join cuts
where
    rises.total_points > rises.previous_points
    and case cuts.threshold_op
        when 'gt' then rises.previous_points <= cuts.cut_points and cuts.cut_points < rises.total_points
        when 'gte' then rises.previous_points < cuts.cut_points and cuts.cut_points <= rises.total_points
    end
