-- What Splink compares: the current word of every record of a person, normalised. A value that very
-- many records carry (a switchboard, a tablet, a shared mailbox) says nothing and is left out.
{% if execute and var('identity_values') == 'token' %}
    {{ exceptions.raise_compiler_error(
        'identity_candidates compares spellings, which identity_values: token keeps out of the graph.'
        ~ ' Set one of the two back.'
    ) }}
{% endif %}
with people as (select * from {{ ref('int_identity__person_records') }}),

records as (select * from {{ ref('int_identity__records') }}),

names as (select * from {{ ref('int_identifiers__names') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_identifiers__phones') }}),

companies as (select * from {{ ref('int_identifiers__company_names') }}),

junk_phones as (select * from {{ ref('int_identity__junk_phones') }}),

policy as (
    select max(case when parameter = 'candidate_max_sharers' then param_value end) as max_sharers
    from {{ ref('int_identity__policy') }}
),

stated as (
    select
        records.record_key,
        names.name_key,
        names.latin_key,
        case when not emails.is_role_mailbox then emails.canonical_email end as email,
        emails.email_local,
        emails.email_domain,
        emails.is_role_mailbox or emails.is_free as is_common_domain,
        case
            when phones.phone_type in ('mobile', 'foreign') and junk_phones.national_number is null then phones.e164
        end as mobile,
        companies.company_legal_key,
        companies.company_brand_key
    from people
    inner join records on people.record_key = records.record_key
    left join names on records.full_name = names.raw_name
    left join emails on records.email = emails.raw_email and emails.is_valid
    left join phones on coalesce(records.phone, records.phone_2) = phones.raw_phone
    left join junk_phones on phones.national_number = junk_phones.national_number
    left join companies on records.company_name = companies.raw_company_name
),

counted as (
    select
        *,
        count(*) over (partition by email) as n_of_email,
        count(*) over (partition by mobile) as n_of_mobile
    from stated
)

select
    counted.record_key,
    counted.name_key,
    counted.latin_key,
    case when counted.n_of_email <= policy.max_sharers then counted.email end as email,
    case
        when counted.email is not null and counted.n_of_email <= policy.max_sharers then counted.email_local
    end as email_local,
    case when not counted.is_common_domain then counted.email_domain end as email_domain,
    case when counted.n_of_mobile <= policy.max_sharers then counted.mobile end as mobile,
    counted.company_legal_key,
    counted.company_brand_key
from counted
cross join policy
where counted.name_key is not null or counted.email is not null or counted.mobile is not null
