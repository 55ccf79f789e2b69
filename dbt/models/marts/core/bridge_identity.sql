-- Periods begin and end with the record, its person or its account, whichever changes.
with lifetimes as (select * from {{ ref('int_identity__lifetimes') }}),

-- A corrected date must not split periods of identity: one per record, the earliest ever stated.
happened as (
    select record_key, min(occurred_at) as occurred_at
    from {{ ref('int_identity__record_versions') }}
    group by record_key
),

memberships as (select * from {{ ref('int_identity__memberships') }}),

persons as (select * from memberships where entity = 'person'),

accounts as (select * from memberships where entity = 'account'),

identifier_types as (select * from {{ ref('int_identity__identifier_types') }}),

rule_versions as (select max(rule_version) as identity_rule_version from identifier_types),

instants as (
    select record_key, known_from as instant from lifetimes
    union
    select record_key, known_to as instant from lifetimes where known_to is not null
    union
    select record_key, valid_from as instant from memberships
    union
    select record_key, valid_to as instant from memberships where valid_to is not null
),

pieces as (
    select
        record_key,
        instant as valid_from,
        lead(instant) over (partition by record_key order by instant asc nulls last) as valid_to
    from instants
),

living as (
    select
        pieces.record_key, lifetimes.record_type, lifetimes.source_system, lifetimes.record_id,
        pieces.valid_from, pieces.valid_to
    from pieces
    inner join lifetimes
        on
            pieces.record_key = lifetimes.record_key
            and pieces.valid_from >= lifetimes.known_from
            and pieces.valid_from < coalesce(lifetimes.known_to, timestamp '9999-12-31 00:00:00')
)

select
    living.record_key,
    living.record_type,
    living.source_system,
    living.record_id,
    persons.entity_key as person_key,
    accounts.entity_key as account_key,
    living.valid_from,
    living.valid_to,
    rule_versions.identity_rule_version,
    happened.occurred_at
from living
cross join rule_versions
left join happened on living.record_key = happened.record_key
-- Comparisons only, no OR: else the engine compares every piece with every membership.
left join persons
    on
        living.record_key = persons.record_key
        and living.valid_from >= persons.valid_from
        and living.valid_from < coalesce(persons.valid_to, timestamp '9999-12-31 00:00:00')
left join accounts
    on
        living.record_key = accounts.record_key
        and living.valid_from >= accounts.valid_from
        and living.valid_from < coalesce(accounts.valid_to, timestamp '9999-12-31 00:00:00')
