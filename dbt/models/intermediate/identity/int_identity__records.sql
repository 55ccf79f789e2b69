-- Every source record that says something about a person or a company, one column per kind of
-- evidence. Raw spellings: normalisation is the next step.
with leads as (select * from {{ ref('int_crm__leads') }}),

contacts as (select * from {{ ref('int_crm__contacts') }}),

accounts as (select * from {{ ref('int_crm__accounts') }}),

submissions as (select * from {{ ref('int_web__form_submissions') }}),

calls as (
    {{ latest_version(ref('stg_engagement__call_center_calls'), ['_source_system', 'call_id']) }}
),

-- Each event is a record: a number noted by one employee stays evidence after the next event.
wecom_events as (
    {{ latest_version(
        ref('stg_engagement__wecom_external_contacts'),
        ['_source_system', 'external_userid', 'userid', 'event_at']
    ) }}
),

attendances as (
    {{ latest_version(
        ref('stg_engagement__event_attendance'), ['_source_system', 'event_id', 'registrant_id'],
        ['registered_at']
    ) }}
),

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
        'call' as record_type, _source_system as source_system, call_id as record_id, first_known_at,
        null as full_name, null as email,
        case when lower(direction) = 'outbound' then dnis else ani end as phone, null as phone_2,
        null as unionid, null as external_userid, null as crm_contact_id, null as crm_account_id,
        null as company_name, null as credit_code
    from calls
    union all
    select
        'wecom_contact' as record_type, _source_system as source_system,
        concat(external_userid, '|', userid, '|', cast(event_at as {{ dbt.type_string() }})) as record_id,
        first_known_at, name as full_name, null as email,
        -- Employees note several numbers; the first two are read.
        split_part({{ regex_replace_all("remark_mobiles", "[^0-9+]+", ",") }}, ',', 1) as phone,
        split_part({{ regex_replace_all("remark_mobiles", "[^0-9+]+", ",") }}, ',', 2) as phone_2,
        unionid, external_userid, null as crm_contact_id, null as crm_account_id,
        corp_name as company_name, null as credit_code
    from wecom_events
    union all
    select
        'event_attendance' as record_type, _source_system as source_system,
        concat(event_id, '|', registrant_id) as record_id, first_known_at,
        name as full_name, email, phone, null as phone_2, null as unionid, null as external_userid,
        null as crm_contact_id, null as crm_account_id, company as company_name,
        null as credit_code
    from attendances
)

select
    {{ surrogate_key(["record_type", "source_system", "record_id"]) }} as record_key,
    *
from records
