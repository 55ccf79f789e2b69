-- No interval is ever closed in this first version: membership changes by rebuild only.
with persons as (select * from {{ ref('int_identity__person_records') }}),

accounts as (select * from {{ ref('int_identity__account_records') }}),

visitors as (select * from {{ ref('int_identity__visitors') }}),

identifier_types as (select * from {{ ref('identity_identifier_type') }}),

rule_versions as (select max(rule_version) as identity_rule_version from identifier_types),

records as (
    select record_key, record_type, source_system, record_id, person_key, first_known_at from persons
    union all
    select
        record_key, 'web_visitor' as record_type, source_system, anonymous_id as record_id,
        person_key, first_known_at
    from visitors
    union all
    select
        record_key, record_type, source_system, record_id,
        cast(null as {{ dbt.type_string() }}) as person_key, first_known_at
    from accounts
    where record_type = 'crm_account'
)

select
    records.record_key,
    records.record_type,
    records.source_system,
    records.record_id,
    records.person_key,
    accounts.account_key,
    records.first_known_at as valid_from,
    cast(null as timestamp) as valid_to,
    rule_versions.identity_rule_version
from records
cross join rule_versions
left join accounts on records.record_key = accounts.record_key
