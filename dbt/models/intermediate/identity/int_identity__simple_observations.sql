-- Every single-valued observation with the record's name or company at the time beside it, which
-- decides who may use a shared value.
with persons as (select * from {{ ref('int_identity__person_observations') }}),

accounts as (select * from {{ ref('int_identity__account_observations') }}),

externals as (select * from {{ ref('int_identity__external_observations') }}),

names as (select * from {{ ref('int_identity__name_labels') }}),

company_keys as (select * from {{ ref('int_identity__company_keys') }}),

person_rows as (
    select
        record_key, identifier_type, identifier_value,
        {{ identity_token("'spelling'", "raw_name") }} as label, reason, known_from, known_to
    from persons
    union all
    select
        record_key, identifier_type, identifier_value, cast(null as {{ dbt.type_string() }}) as label,
        null as reason, known_from, known_to
    from externals
),

-- Only the company's own vote needs the company beside it. It is told period by period, so a
-- statement may fall into several.
voting_types as (
    select identifier_type from {{ ref('identity_identifier_type') }}
    where sharing = 'majority' and {{ in_force_now() }}
),

account_rows as (
    select
        accounts.record_key, accounts.identifier_type, accounts.identifier_value,
        case when coalesce(company_keys.reason, '') <> 'blocked' then company_keys.company_legal_key end as label,
        accounts.reason,
        greatest(accounts.known_from, company_keys.known_from) as known_from,
        least(accounts.known_to, company_keys.known_to) as known_to
    from accounts
    left join voting_types on accounts.identifier_type = voting_types.identifier_type
    left join company_keys
        on
            case when voting_types.identifier_type is not null then accounts.record_key end = company_keys.record_key
            and (company_keys.known_to is null or accounts.known_from < company_keys.known_to)
            and (accounts.known_to is null or accounts.known_to > company_keys.known_from)
)

select
    person_rows.record_key, person_rows.identifier_type, person_rows.identifier_value,
    names.name_ref as label, person_rows.reason, person_rows.known_from, person_rows.known_to
from person_rows
-- A placeholder for a name is no name.
left join names on person_rows.label = names.name_ref and names.name_kind in ('full', 'address')
union all
select record_key, identifier_type, identifier_value, label, reason, known_from, known_to
from account_rows
