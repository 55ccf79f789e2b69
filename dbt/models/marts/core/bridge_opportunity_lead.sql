-- One primary lead per opportunity: funnel counts join here and never fan out.
with opportunities as (select * from {{ ref('int_crm__opportunities') }}),

leads as (select * from {{ ref('int_leads__leads') }})

select
    opportunities.opportunity_key,
    opportunities.source_system,
    opportunities.opportunity_id,
    leads.lead_key,
    opportunities.lead_id is not null and leads.lead_key is null as is_lead_missing,
    leads.lead_key is null as is_without_lead,
    true as is_primary,
    opportunities.created_at,
    opportunities.closed_at,
    opportunities.is_won,
    opportunities.closed_at < leads.created_at as is_closed_before_lead
from opportunities
left join leads on opportunities.lead_key = leads.lead_key
where not opportunities.is_deleted
