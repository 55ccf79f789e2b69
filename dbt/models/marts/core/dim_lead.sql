with leads as (select * from {{ ref('int_leads__leads') }}),

outcomes as (select * from {{ ref('int_leads__outcomes') }}),

roles as (select * from {{ ref('int_golden__title_roles') }})

select
    leads.lead_key,
    leads.source_system,
    leads.lead_id,
    leads.person_key,
    leads.account_key,
    outcomes.survivor_lead_key,
    leads.created_at,
    leads.created_date,
    leads.first_known_at,
    leads.channel,
    leads.lead_source,
    leads.utm_campaign,
    leads.crm_status,
    leads.owner_id,
    leads.industry,
    leads.employee_count,
    leads.country,
    roles.buying_role,
    outcomes.cleaning_outcome,
    outcomes.primary_rule_id,
    cast(outcomes.n_flags as integer) as n_flags,
    leads.full_name is not null as has_name,
    leads.company_name is not null as has_company,
    leads.email is not null as has_email,
    leads.phone_e164 is not null as has_phone,
    leads.is_free_email,
    leads.is_deleted
from leads
inner join outcomes on leads.lead_key = outcomes.lead_key
left join roles on leads.title = roles.title
