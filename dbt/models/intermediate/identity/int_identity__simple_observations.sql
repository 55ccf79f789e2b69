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

-- What a record says in the vote on a value that belongs to one company: the company it names, or its
-- mail domain. A placeholder for a company votes for nobody.
votes as (
    select
        record_key, 'company' as sharing,
        case when coalesce(reason, '') <> 'blocked' then company_legal_key end as label, known_from, known_to
    from company_keys
    union all
    select record_key, 'domain' as sharing, min(identifier_value) as label, known_from, known_to
    from accounts
    where identifier_type = 'domain' and reason is null
    group by record_key, known_from, known_to
),

identifier_types as (
    select * from {{ ref('identity_identifier_type') }} where {{ in_force_now() }}
),

-- The vote is told period by period, so a statement may fall into several.
account_rows as (
    select
        accounts.record_key, accounts.identifier_type, accounts.identifier_value, votes.label, accounts.reason,
        greatest(accounts.known_from, votes.known_from) as known_from,
        least(accounts.known_to, votes.known_to) as known_to
    from accounts
    left join identifier_types on accounts.identifier_type = identifier_types.identifier_type
    left join votes
        on
            accounts.record_key = votes.record_key
            and identifier_types.sharing = votes.sharing
            -- Comparisons only, no OR: else the engine compares everything with everything.
            and accounts.known_from < coalesce(votes.known_to, timestamp '9999-12-31 00:00:00')
            and coalesce(accounts.known_to, timestamp '9999-12-31 00:00:00') > votes.known_from
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
