-- What the CRM said of each lead, contact and account, and since when we knew it. A record deleted in
-- the CRM keeps its last words: deletion does not refute whose mobile that was.
with leads as (
    select
        *,
        min(case when _is_deleted then 1 else 0 end) over (partition by _source_system, lead_id) as is_only_deleted
    from {{ ref('stg_crm__leads') }}
),

contacts as (
    select
        *,
        min(case when _is_deleted then 1 else 0 end) over (partition by _source_system, contact_id) as is_only_deleted
    from {{ ref('stg_crm__contacts') }}
),

accounts as (
    select
        *,
        min(case when _is_deleted then 1 else 0 end) over (partition by _source_system, account_id) as is_only_deleted
    from {{ ref('stg_crm__accounts') }}
),

spoken_leads as (select * from leads where not _is_deleted or is_only_deleted = 1),

spoken_contacts as (select * from contacts where not _is_deleted or is_only_deleted = 1),

spoken_accounts as (select * from accounts where not _is_deleted or is_only_deleted = 1),

lead_periods as ({{ version_periods('spoken_leads', ['_source_system', 'lead_id'], ['updated_at']) }}),

contact_periods as ({{ version_periods('spoken_contacts', ['_source_system', 'contact_id']) }}),

account_periods as ({{ version_periods('spoken_accounts', ['_source_system', 'account_id']) }})

select
    'crm_lead' as record_type, _source_system as source_system, lead_id as record_id,
    first_known_at, known_from, known_to, created_at as occurred_at, updated_at as stated_at,
    {{ written_name('full_name', 'first_name', 'last_name') }} as full_name, title,
    email, phone, mobile_phone as phone_2, _source_system as crm_system,
    lead_id as crm_lead_id, converted_contact_id as crm_contact_id, converted_account_id as crm_account_id,
    company_name, null as credit_code, website
from lead_periods
union all
select
    'crm_contact' as record_type, _source_system as source_system, contact_id as record_id,
    first_known_at, known_from, known_to, created_at as occurred_at, null as stated_at,
    {{ written_name('full_name', 'first_name', 'last_name') }} as full_name, title,
    email, phone, mobile_phone as phone_2, _source_system as crm_system,
    null as crm_lead_id, contact_id as crm_contact_id, account_id as crm_account_id,
    company_name, null as credit_code, null as website
from contact_periods
union all
select
    'crm_account' as record_type, _source_system as source_system, account_id as record_id,
    first_known_at, known_from, known_to, created_at as occurred_at, null as stated_at,
    null as full_name, null as title,
    null as email, null as phone, null as phone_2, _source_system as crm_system,
    null as crm_lead_id, null as crm_contact_id, account_id as crm_account_id,
    name as company_name, unified_credit_code as credit_code, coalesce(domain, website) as website
from account_periods
