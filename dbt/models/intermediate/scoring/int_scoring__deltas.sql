-- Signed point changes per lead and group. What a person did before the lead existed counts from
-- the lead's creation.
with leads as (select * from {{ ref('int_leads__leads') }}),

hits as (select * from {{ ref('int_scoring__behaviour_hits') }} where hit_number <= max_count),

periods as (select * from {{ ref('int_scoring__attribute_periods') }})

select lead_key, 'behaviour' as score_group, created_at as changed_at, 0 as delta from leads
union all
select
    leads.lead_key,
    'behaviour' as score_group,
    greatest(hits.occurred_at, leads.created_at) as changed_at,
    hits.points as delta
from leads
inner join hits on leads.person_key = hits.person_key
union all
select lead_key, 'attribute' as score_group, valid_from as changed_at, points as delta from periods
union all
select lead_key, 'attribute' as score_group, valid_to as changed_at, -points as delta
from periods
where valid_to is not null
