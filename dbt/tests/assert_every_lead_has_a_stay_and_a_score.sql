-- A row is a lead that some fact forgot: the mirror of the relationship tests.
{{ config(meta={'dagster': {'ref': {'name': 'dim_lead'}}}) }}
with leads as (select lead_key from {{ ref('dim_lead') }}),

stays as (select distinct lead_key from {{ ref('fct_lead_stage_interval') }}),

scores as (select distinct lead_key from {{ ref('fct_lead_score') }})

select leads.lead_key
from leads
left join stays on leads.lead_key = stays.lead_key
left join scores on leads.lead_key = scores.lead_key
where stays.lead_key is null or scores.lead_key is null
