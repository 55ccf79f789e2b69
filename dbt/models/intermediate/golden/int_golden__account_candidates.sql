-- What each record offers for the golden record of its account, normalised. A domain read from a
-- website says more than one read from somebody's e-mail, a valid credit code more than a mistyped one.
with stated as (select * from {{ ref('int_golden__stated_values') }} where is_current),

crm_attributes as (select * from {{ ref('int_golden__crm_attributes') }}),

companies as (select * from {{ ref('int_golden__company_spellings') }}),

credit_codes as (select * from {{ ref('int_identifiers__credit_codes') }} where credit_code is not null),

websites as (select * from {{ ref('int_identifiers__websites') }} where registrable_domain is not null),

emails as (
    select * from {{ ref('int_identifiers__emails') }}
    where is_valid and not is_free and not is_disposable and registrable_domain is not null
),

memberships as (
    select * from {{ ref('int_identity__memberships') }} where entity = 'account' and valid_to is null
),

offered as (
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, 'name' as attribute,
        stated.raw_value as attribute_value, companies.company_legal_key as value_key, companies.completeness
    from stated
    inner join companies on stated.raw_value = companies.raw_company_name
    where stated.attribute = 'company_name'
    union all
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, stated.attribute,
        credit_codes.credit_code as attribute_value, credit_codes.credit_code as value_key,
        case when credit_codes.is_valid then 2 else 1 end as completeness
    from stated
    inner join credit_codes on stated.raw_value = credit_codes.raw_credit_code
    where stated.attribute = 'credit_code'
    union all
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, 'domain' as attribute,
        websites.registrable_domain as attribute_value, websites.registrable_domain as value_key, 2 as completeness
    from stated
    inner join websites on stated.raw_value = websites.raw_website
    where stated.attribute = 'website'
    union all
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, 'domain' as attribute,
        emails.registrable_domain as attribute_value, emails.registrable_domain as value_key, 1 as completeness
    from stated
    inner join emails on stated.raw_value = emails.raw_email
    where stated.attribute = 'email'
    union all
    select
        record_key, record_type, source_system, said_at, attribute, raw_value as attribute_value,
        lower({{ half_width("raw_value") }}) as value_key, 1 as completeness
    from stated
    where attribute in ('industry', 'employee_count')
    union all
    select
        record_key, record_type, source_system, said_at, attribute, raw_value as attribute_value,
        lower({{ half_width("raw_value") }}) as value_key, 1 as completeness
    from crm_attributes
    where attribute in ('industry', 'employee_count', 'tier', 'city', 'country', 'parent_account_key')
)

select
    memberships.entity_key as account_key,
    offered.*
from offered
inner join memberships on offered.record_key = memberships.record_key
where offered.attribute <> 'parent_account_key' or offered.attribute_value <> memberships.entity_key
