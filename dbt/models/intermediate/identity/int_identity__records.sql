-- Every source record that says something about a person or a company, one column per kind of
-- evidence. Raw spellings: normalisation is the next step.
with leads as (select * from {{ ref('int_crm__leads') }}),

contacts as (select * from {{ ref('int_crm__contacts') }}),

accounts as (select * from {{ ref('int_crm__accounts') }}),

submissions as (select * from {{ ref('int_web__form_submissions') }}),

calls as (select * from {{ ref('int_engagement__calls') }}),

wecom_events as (select * from {{ ref('int_engagement__wecom_events') }}),

attendances as (select * from {{ ref('int_engagement__attendances') }}),

records as (
    select
        'crm_lead' as record_type, source_system, lead_id as record_id, first_known_at,
        full_name, email, phone, mobile_phone as phone_2, null as unionid, null as external_userid,
        converted_contact_id as crm_contact_id, converted_account_id as crm_account_id,
        company_name, null as credit_code
    from leads
    union all
    select
        'crm_contact' as record_type, source_system, contact_id as record_id, first_known_at,
        full_name, email, phone, mobile_phone as phone_2, null as unionid, null as external_userid,
        contact_id as crm_contact_id, account_id as crm_account_id,
        company_name, null as credit_code
    from contacts
    union all
    select
        'crm_account' as record_type, source_system, account_id as record_id, first_known_at,
        null as full_name, null as email, null as phone, null as phone_2,
        null as unionid, null as external_userid, null as crm_contact_id,
        account_id as crm_account_id, account_name as company_name,
        unified_credit_code as credit_code
    from accounts
    union all
    select
        'form_submission' as record_type, source_system, submission_id as record_id, first_known_at,
        full_name, email, phone, null as phone_2, null as unionid, null as external_userid,
        null as crm_contact_id, null as crm_account_id, company_name, null as credit_code
    from submissions
    union all
    select
        'call' as record_type, source_system, call_id as record_id, first_known_at,
        null as full_name, null as email, other_phone as phone, null as phone_2,
        null as unionid, null as external_userid, null as crm_contact_id, null as crm_account_id,
        null as company_name, null as credit_code
    from calls
    union all
    select
        'wecom_contact' as record_type, source_system, record_id, first_known_at,
        full_name, null as email, phone, phone_2,
        unionid, external_userid, null as crm_contact_id, null as crm_account_id,
        company_name, null as credit_code
    from wecom_events
    union all
    select
        'event_attendance' as record_type, source_system, record_id, first_known_at,
        full_name, email, phone, null as phone_2,
        null as unionid, null as external_userid, null as crm_contact_id, null as crm_account_id,
        company_name, null as credit_code
    from attendances
)

select
    {{ surrogate_key(["record_type", "source_system", "record_id"]) }} as record_key,
    *
from records
