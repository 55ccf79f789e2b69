-- Record x identifier, normalised, before any guard.
with records as (select * from {{ ref('int_identity__records') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_identifiers__phones') }}),

companies as (select * from {{ ref('int_identifiers__company_names') }}),

crm_merges as (select * from {{ ref('int_crm__merge_log') }} where object_type = 'lead'),

record_phones as (
    select record_key, full_name, phone as raw_phone from records where phone is not null
    union
    select record_key, full_name, phone_2 as raw_phone from records where phone_2 is not null
),

-- Both sides of a merge carry the winner's id as a shared identifier.
merge_ends as (
    select source_system, loser_id as record_id, winner_id from crm_merges
    union
    select source_system, winner_id as record_id, winner_id from crm_merges
),

observations as (
    select
        records.record_key, records.full_name, 'email' as identifier_type,
        emails.email as identifier_value,
        case when emails.is_role_mailbox then 'role_mailbox' when not emails.is_valid then 'invalid' end as reason
    from records
    inner join emails on records.email = emails.raw_email
    union all
    select
        record_phones.record_key, record_phones.full_name, 'mobile' as identifier_type,
        phones.e164 as identifier_value,
        case when phones.phone_type not in ('mobile', 'foreign') then phones.phone_type end as reason
    from record_phones
    inner join phones on record_phones.raw_phone = phones.raw_phone
    union all
    select record_key, full_name, 'unionid' as identifier_type, unionid as identifier_value, null as reason
    from records where unionid is not null
    union all
    select
        record_key, full_name, 'external_userid' as identifier_type,
        external_userid as identifier_value, null as reason
    from records where external_userid is not null
    union all
    select
        record_key, full_name, 'crm_contact_id' as identifier_type,
        concat(source_system, ':', crm_contact_id) as identifier_value, null as reason
    from records where crm_contact_id is not null
    union all
    select
        records.record_key, records.full_name, 'crm_lead_merge' as identifier_type,
        concat(records.source_system, ':', merge_ends.winner_id) as identifier_value, null as reason
    from records
    inner join merge_ends
        on
            records.record_type = 'crm_lead'
            and records.source_system = merge_ends.source_system
            and records.record_id = merge_ends.record_id
    union all
    select
        record_key, full_name, 'credit_code' as identifier_type,
        upper(credit_code) as identifier_value, null as reason
    from records where credit_code is not null
    union all
    select
        record_key, full_name, 'crm_account_id' as identifier_type,
        concat(source_system, ':', crm_account_id) as identifier_value, null as reason
    from records where crm_account_id is not null
    union all
    select
        records.record_key, records.full_name, 'company_legal_key' as identifier_type,
        companies.company_legal_key as identifier_value, null as reason
    from records
    inner join companies on records.company_name = companies.raw_company_name
)

select distinct record_key, full_name, identifier_type, identifier_value, reason
from observations
where identifier_value is not null or reason is not null
