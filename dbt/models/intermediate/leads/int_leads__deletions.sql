-- A lead the CRM deleted is not counted; one that was merged away is a duplicate instead.
with leads as (select * from {{ ref('int_leads__leads') }} where is_deleted),

crm_merges as (select * from {{ ref('int_crm__lead_merges') }})

select
    leads.lead_key,
    'deleted_lead' as rule_id,
    'deleted in the CRM' as evidence
from leads
left join crm_merges on leads.lead_key = crm_merges.loser_lead_key
where crm_merges.loser_lead_key is null
