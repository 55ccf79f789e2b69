-- What the CRM said of each lead, contact and account, and since when we knew it. A record deleted in
-- the CRM keeps its last words: deletion does not refute whose mobile that was.
with lead_periods as (
    {{ spoken_periods(ref('stg_crm__leads'), ['_source_system', 'lead_id'], ['updated_at']) }}
),

contact_periods as ({{ spoken_periods(ref('stg_crm__contacts'), ['_source_system', 'contact_id']) }}),

account_periods as ({{ spoken_periods(ref('stg_crm__accounts'), ['_source_system', 'account_id']) }})

select
    'crm_lead' as record_type, _source_system as source_system, lead_id as record_id,
    first_known_at, known_from, spoken_to as known_to, created_at as occurred_at, updated_at as stated_at,
    {{ written_name('full_name', 'first_name', 'last_name') }} as full_name, title,
    email, phone, mobile_phone as phone_2, _source_system as crm_system,
    lead_id as crm_lead_id, converted_contact_id as crm_contact_id, converted_account_id as crm_account_id,
    company_name, null as credit_code, website
from lead_periods
union all
select
    'crm_contact' as record_type, _source_system as source_system, contact_id as record_id,
    first_known_at, known_from, spoken_to as known_to, created_at as occurred_at, null as stated_at,
    {{ written_name('full_name', 'first_name', 'last_name') }} as full_name, title,
    email, phone, mobile_phone as phone_2, _source_system as crm_system,
    null as crm_lead_id, contact_id as crm_contact_id, account_id as crm_account_id,
    company_name, null as credit_code, null as website
from contact_periods
union all
select
    'crm_account' as record_type, _source_system as source_system, account_id as record_id,
    first_known_at, known_from, spoken_to as known_to, created_at as occurred_at, null as stated_at,
    null as full_name, null as title,
    null as email, null as phone, null as phone_2, _source_system as crm_system,
    null as crm_lead_id, null as crm_contact_id, account_id as crm_account_id,
    name as company_name, unified_credit_code as credit_code, coalesce(domain, website) as website
from account_periods
