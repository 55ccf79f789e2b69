-- A row is a lifecycle profile whose end is not the start of the next one (a gap would leave everything
-- said in it out of the stages, an overlap would read it twice), or that has no row for what no other
-- row of it names (X1).
{{ config(meta={'dagster': {'ref': {'name': 'fct_lead_stage_event'}}}) }}
with profiles as (select * from {{ ref('lifecycle_profile') }}),

evidence as (select * from {{ ref('lifecycle_evidence') }} where evidence = '*' and said_stage = '*'),

ordered as (
    select
        *,
        lead(valid_from) over (order by valid_from asc nulls last) as next_valid_from
    from profiles
)

select
    ordered.profile,
    ordered.valid_from,
    ordered.valid_to,
    ordered.next_valid_from
from ordered
left join evidence on ordered.profile = evidence.profile
where ordered.valid_to is distinct from ordered.next_valid_from or evidence.profile is null
