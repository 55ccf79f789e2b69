-- Every source record that says something about a person or a company, one column per kind of
-- evidence, and when we held it to be so. Raw spellings: normalisation is the next step.
with crm_versions as (select * from {{ ref('int_identity__crm_versions') }}),

channel_versions as (select * from {{ ref('int_identity__channel_versions') }}),

contact_points as (select * from {{ ref('int_identity__contact_points') }}),

versions as (
    select
        record_type, source_system, record_id, first_known_at, known_from, known_to, occurred_at, stated_at,
        full_name, title, email, phone, phone_2, null as unionid, null as external_userid, null as openid,
        null as anonymous_id, crm_system, crm_lead_id, crm_contact_id, crm_account_id,
        company_name, credit_code, website
    from crm_versions
    union all
    select
        record_type, source_system, record_id, first_known_at, known_from, known_to, occurred_at,
        cast(null as timestamp) as stated_at,
        full_name, title, email, phone, phone_2, unionid, external_userid, null as openid,
        anonymous_id, null as crm_system, crm_lead_id, null as crm_contact_id, null as crm_account_id,
        company_name, null as credit_code, null as website
    from channel_versions
    union all
    select
        record_type, source_system, record_id, first_known_at, first_known_at as known_from,
        cast(null as timestamp) as known_to, occurred_at, cast(null as timestamp) as stated_at,
        null as full_name, null as title,
        case when address_type = 'email' then address end as email,
        case when address_type in ('mobile', 'phone', 'sms') then address end as phone, null as phone_2,
        coalesce(unionid, case when address_type = 'unionid' then address end) as unionid,
        case when address_type = 'external_userid' then address end as external_userid, openid,
        anonymous_id, case when record_type = 'crm_reference' then source_system end as crm_system,
        case when address_type = 'lead_id' then address end as crm_lead_id,
        case when address_type = 'contact_id' then address end as crm_contact_id, null as crm_account_id,
        null as company_name, null as credit_code, null as website
    from contact_points
)

select
    {{ surrogate_key(["record_type", "source_system", "record_id"]) }} as record_key,
    *
from versions
