-- Record x identifier of a person as its versions state it, normalised; a reason says why a value can
-- join nobody.
with versions as (select * from {{ ref('int_identity__record_versions') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_identifiers__phones') }}),

junk_phones as (select * from {{ ref('int_identity__junk_phones') }}),

crm_references as (select * from {{ ref('int_identity__crm_references') }}),

crm_merges as (select * from {{ ref('int_identity__crm_merges') }}),

record_phones as (
    select record_key, full_name, phone as raw_phone, known_from, known_to from versions where phone is not null
    union
    select record_key, full_name, phone_2 as raw_phone, known_from, known_to from versions where phone_2 is not null
)

select
    versions.record_key, 'email' as identifier_type, emails.canonical_email as identifier_value,
    versions.full_name as raw_name,
    case when not emails.is_valid then 'invalid' when emails.is_role_mailbox then 'role_mailbox' end as reason,
    versions.known_from, versions.known_to
from versions
inner join emails on versions.email = emails.raw_email
union all
select
    record_phones.record_key, 'mobile' as identifier_type, phones.e164 as identifier_value,
    record_phones.full_name as raw_name,
    case
        when phones.phone_type not in ('mobile', 'foreign') then phones.phone_type
        when junk_phones.national_number is not null then 'junk'
    end as reason,
    record_phones.known_from, record_phones.known_to
from record_phones
inner join phones on record_phones.raw_phone = phones.raw_phone
left join junk_phones on phones.national_number = junk_phones.national_number
where phones.phone_type <> 'empty'
union all
-- A number of another country, or none the library knows: written alike it is still the same number.
select
    record_phones.record_key, 'phone_digits' as identifier_type,
    right({{ regex_replace_all(half_width("coalesce(phones.e164, record_phones.raw_phone)"), "[^0-9]", "") }}, 10)
        as identifier_value,
    record_phones.full_name as raw_name,
    case when junk_phones.national_number is not null then 'junk' end as reason,
    record_phones.known_from, record_phones.known_to
from record_phones
inner join phones on record_phones.raw_phone = phones.raw_phone
left join junk_phones on phones.national_number = junk_phones.national_number
where
    phones.phone_type in ('foreign', 'invalid')
    and length({{ regex_replace_all(half_width("coalesce(phones.e164, record_phones.raw_phone)"), "[^0-9]", "") }}) >= 9
union all
select
    record_key, 'unionid' as identifier_type, unionid as identifier_value, full_name as raw_name,
    null as reason, known_from, known_to
from versions
where unionid is not null
union all
select
    record_key, 'external_userid' as identifier_type, external_userid as identifier_value, full_name as raw_name,
    null as reason, known_from, known_to
from versions
where external_userid is not null
union all
select
    record_key, 'openid' as identifier_type, openid as identifier_value, full_name as raw_name,
    null as reason, known_from, known_to
from versions
where openid is not null
union all
select
    record_key, 'visitor' as identifier_type, concat(source_system, ':', anonymous_id) as identifier_value,
    full_name as raw_name, null as reason, known_from, known_to
from versions
where anonymous_id is not null
union all
select record_key, identifier_type, identifier_value, null as raw_name, null as reason, known_from, known_to
from crm_references
union all
select record_key, identifier_type, identifier_value, null as raw_name, null as reason, known_from, known_to
from crm_merges
where identifier_type <> 'crm_account_merge'
