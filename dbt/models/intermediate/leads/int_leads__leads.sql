-- One row per CRM lead with its person, account, channel and contact facts.
with leads as (select * from {{ ref('int_crm__leads') }}),

signals as (select * from {{ ref('int_channels__signals') }}),

persons as (
    select * from {{ ref('int_identity__person_records') }} where record_type = 'crm_lead'
),

accounts as (
    select * from {{ ref('int_identity__account_records') }} where record_type = 'crm_lead'
),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_leads__phone_choice') }})

select
    leads.lead_key,
    leads.source_system,
    leads.lead_id,
    persons.record_key,
    persons.person_key,
    accounts.account_key,
    leads.created_at,
    {{ business_date("leads.created_at") }} as created_date,
    leads.first_known_at,
    leads.is_deleted,
    leads.status as crm_status,
    leads.owner_id,
    leads.lead_source,
    leads.utm_campaign,
    signals.channel,
    signals.platform,
    leads.full_name,
    leads.company_name,
    leads.title,
    leads.industry,
    leads.employee_count,
    leads.country,
    emails.email,
    emails.email_local,
    emails.email_domain,
    coalesce(emails.is_free, false) as is_free_email,
    coalesce(emails.is_disposable, false) as is_disposable_email,
    phones.phone_national_number,
    phones.phone_e164,
    phones.phone_type
from leads
left join signals
    on
        {{ channel_signal_key(
            "leads.lead_source", "leads.utm_source", "leads.utm_medium", "leads.utm_campaign",
            "leads.click_id_type"
        ) }} = signals.channel_signal_key
        and {{ in_force('signals', business_date('leads.created_at')) }}
left join persons
    on leads.source_system = persons.source_system and leads.lead_id = persons.record_id
left join accounts
    on leads.source_system = accounts.source_system and leads.lead_id = accounts.record_id
left join emails on leads.email = emails.raw_email
left join phones on leads.lead_key = phones.lead_key
