-- A row is a lead whose contributions do not add up to its present score, group by group (E01, E03).
with scores as (select * from {{ ref('fct_lead_score') }} where valid_to is null),

contributions as (
    select
        lead_key,
        sum(contributed_points) filter (where score_group = 'behaviour') as behaviour_points,
        sum(contributed_points) filter (where score_group = 'attribute') as attribute_points,
        sum(contributed_points + clipped_by_group) filter (where score_group = 'behaviour') as behaviour_raw
    from {{ ref('fct_score_contribution') }}
    group by lead_key
)

select scores.lead_key
from scores
left join contributions on scores.lead_key = contributions.lead_key
where
    scores.behaviour_points <> coalesce(contributions.behaviour_points, 0)
    or scores.behaviour_raw <> coalesce(contributions.behaviour_raw, 0)
    or scores.attribute_points <> coalesce(contributions.attribute_points, 0)
