-- Record x identifier of a company as its versions state it, normalised. What is poison between
-- persons (mail domain, switchboard, role mailbox) is evidence here, of the company most records name.
with versions as (select * from {{ ref('int_identity__record_versions') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_identifiers__phones') }}),

websites as (select * from {{ ref('int_identifiers__websites') }}),

credit_codes as (select * from {{ ref('int_identifiers__credit_codes') }}),

company_keys as (select * from {{ ref('int_identity__company_keys') }}),

crm_merges as (select * from {{ ref('int_identity__crm_merges') }} where identifier_type = 'crm_account_merge'),

free_domains as (select * from {{ ref('free_mail_domain') }} where {{ in_force_now() }}),

record_phones as (
    select record_key, phone as raw_phone, known_from, known_to from versions where phone is not null
    union
    select record_key, phone_2 as raw_phone, known_from, known_to from versions where phone_2 is not null
)

select
    versions.record_key, 'credit_code' as identifier_type, credit_codes.credit_code as identifier_value,
    case when not credit_codes.is_valid then 'invalid' end as reason, versions.known_from, versions.known_to
from versions
inner join credit_codes on versions.credit_code = credit_codes.raw_credit_code
union all
select
    record_key, 'crm_account_id' as identifier_type, concat(crm_system, ':', crm_account_id) as identifier_value,
    null as reason, known_from, known_to
from versions
where crm_account_id is not null
union all
select
    record_key, case when is_short then 'company_short_name' else 'company_legal_key' end as identifier_type,
    company_legal_key as identifier_value, reason, known_from, known_to
from company_keys
union all
select
    versions.record_key, 'domain' as identifier_type, emails.registrable_domain as identifier_value,
    null as reason, versions.known_from, versions.known_to
from versions
inner join emails on versions.email = emails.raw_email
where emails.is_valid and not emails.is_free and not emails.is_disposable
union all
select
    versions.record_key, 'domain' as identifier_type, websites.registrable_domain as identifier_value,
    case when free_domains.domain is not null then 'free_domain' end as reason,
    versions.known_from, versions.known_to
from versions
inner join websites on versions.website = websites.raw_website
left join free_domains on websites.registrable_domain = free_domains.domain
union all
select
    versions.record_key, 'role_mailbox' as identifier_type, emails.canonical_email as identifier_value,
    null as reason, versions.known_from, versions.known_to
from versions
inner join emails on versions.email = emails.raw_email
where emails.is_valid and emails.is_role_mailbox
union all
select
    record_phones.record_key, 'switchboard' as identifier_type, phones.e164 as identifier_value,
    null as reason, record_phones.known_from, record_phones.known_to
from record_phones
inner join phones on record_phones.raw_phone = phones.raw_phone
where phones.phone_type in ('fixed_line', 'service')
union all
select record_key, identifier_type, identifier_value, null as reason, known_from, known_to
from crm_merges
