-- Permission of each person by channel and purpose: the strictest of all sides (D14). Nothing is
-- merged away: when identity takes the person apart, each part has its own side's word again.
with sides as (select * from {{ ref('int_golden__permission_sides') }}),

placed as (
    select
        *,
        row_number() over (
            partition by person_key, channel, purpose
            order by
                strictness desc nulls last, decided_at desc nulls last, evidence_id asc nulls last,
                side_key asc nulls last
        ) as strict_place,
        row_number() over (
            partition by person_key, channel, purpose
            order by
                strictness asc nulls last, decided_at desc nulls last, evidence_id asc nulls last,
                side_key asc nulls last
        ) as loose_place
    from sides
)

select
    person_key,
    channel,
    purpose,
    max(case when strict_place = 1 then decision end) as decision,
    max(case when strict_place = 1 then evidence_kind end) as evidence_kind,
    max(case when strict_place = 1 then evidence_id end) as evidence_id,
    max(case when strict_place = 1 then side_type end) as side_type,
    max(case when strict_place = 1 then decided_at end) as decided_at,
    max(case when loose_place = 1 then decision end) as loosest_decision,
    max(case when loose_place = 1 then evidence_kind end) as loosest_evidence_kind,
    max(case when loose_place = 1 then evidence_id end) as loosest_evidence_id,
    max(case when loose_place = 1 then side_type end) as loosest_side_type,
    count(*) as n_sides,
    count(distinct decision) > 1 as is_conflict
from placed
group by person_key, channel, purpose
