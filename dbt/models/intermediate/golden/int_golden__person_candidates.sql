-- What each record offers for the golden record of its person, normalised. Completeness ranks kinds
-- of values before any trust: a full name always beats a form of address (王伟 and 王总).
with stated as (select * from {{ ref('int_golden__stated_values') }} where is_current),

crm_attributes as (select * from {{ ref('int_golden__crm_attributes') }}),

addresses as (select * from {{ ref('int_golden__addresses') }}),

names as (select * from {{ ref('int_identifiers__names') }} where name_kind <> 'none'),

companies as (select * from {{ ref('int_golden__company_spellings') }}),

phones as (select * from {{ ref('int_identifiers__phones') }} where phone_type = 'fixed_line'),

memberships as (
    select * from {{ ref('int_identity__memberships') }} where entity = 'person' and valid_to is null
),

offered as (
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, stated.attribute,
        {{ trim_text(half_width("stated.raw_value")) }} as attribute_value,
        coalesce(names.name_key, lower({{ half_width("stated.raw_value") }})) as value_key,
        case names.name_kind when 'full' then 3 when 'partial' then 2 else 1 end as completeness
    from stated
    inner join names on stated.raw_value = names.raw_name
    where stated.attribute = 'full_name'
    union all
    select
        record_key, record_type, source_system, said_at, attribute, raw_value as attribute_value,
        lower({{ half_width("raw_value") }}) as value_key, 1 as completeness
    from stated
    where attribute = 'title'
    union all
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, stated.attribute,
        stated.raw_value as attribute_value, companies.company_legal_key as value_key, companies.completeness
    from stated
    inner join companies on stated.raw_value = companies.raw_company_name
    where stated.attribute = 'company_name'
    union all
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at, 'phone' as attribute,
        phones.e164 as attribute_value, phones.e164 as value_key, 1 as completeness
    from stated
    inner join phones on stated.raw_value = phones.raw_phone
    where stated.attribute in ('phone', 'phone_2')
    union all
    select
        record_key, record_type, source_system, said_at, identifier_type as attribute,
        shown_value as attribute_value, identifier_value as value_key, 1 as completeness
    from addresses
    union all
    select
        record_key, record_type, source_system, said_at, attribute, raw_value as attribute_value,
        lower({{ half_width("raw_value") }}) as value_key, 1 as completeness
    from crm_attributes
    where record_type <> 'crm_account'
)

select
    memberships.entity_key as person_key,
    offered.*
from offered
inner join memberships on offered.record_key = memberships.record_key
