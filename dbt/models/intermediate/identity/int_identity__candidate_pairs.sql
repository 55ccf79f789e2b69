-- Pairs of persons that look like one and are two, for a human to look at: of each two persons the two
-- records that look most alike. Nothing is joined by this.
with scores as (select * from {{ ref('int_identity__candidate_scores') }}),

people as (select * from {{ ref('int_identity__person_records') }}),

overrides as (select * from {{ ref('int_identity__overrides') }}),

scored as (
    select
        scores.left_key,
        scores.right_key,
        scores.match_probability,
        scores.rule,
        least(l.person_key, r.person_key) as person_key,
        greatest(l.person_key, r.person_key) as other_person_key
    from scores
    inner join people as l on scores.left_key = l.record_key
    inner join people as r on scores.right_key = r.record_key
    where l.person_key <> r.person_key
),

-- A human has said of these already that they are two.
kept_apart as (
    select distinct
        least(l.person_key, r.person_key) as person_key,
        greatest(l.person_key, r.person_key) as other_person_key
    from overrides as one
    inner join overrides as other on one.override_id = other.override_id and other.side = 2
    inner join people as l on one.record_key = l.record_key
    inner join people as r on other.record_key = r.record_key
    where one.kind = 'cannot_link' and one.side = 1 and one.known_to is null
)

select
    scored.left_key,
    scored.right_key,
    scored.match_probability,
    scored.rule,
    scored.person_key,
    scored.other_person_key
from scored
left join kept_apart
    on scored.person_key = kept_apart.person_key and scored.other_person_key = kept_apart.other_person_key
where kept_apart.person_key is null
qualify row_number() over (
    partition by scored.person_key, scored.other_person_key
    order by scored.match_probability desc nulls last, scored.left_key asc nulls last, scored.right_key asc nulls last
) = 1
