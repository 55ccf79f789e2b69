-- The account that each version of a record speaks of, named by today's graph. What a record says
-- now has the account of the record; what it said before is read by today's owner of the same
-- evidence, since the account of those days may have been merged or split.
with versions as (select * from {{ ref('int_golden__timed_versions') }}),

memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'account'),

edges as (select * from {{ ref('int_identity__edges') }} where entity = 'account'),

accepted as (select * from {{ ref('int_golden__accepted_edges') }} where entity = 'account'),

owners as (
    select
        node_key,
        entity_key as account_key,
        max(strength) as strength,
        count(distinct record_key) as n_records
    from accepted
    group by node_key, entity_key
),

-- As it was held last while the version was the newest.
held as (
    select versions.record_key, versions.known_from, memberships.entity_key as account_key
    from versions
    inner join memberships
        on
            versions.record_key = memberships.record_key
            and (versions.known_to is null or versions.known_to > memberships.valid_from)
            and (memberships.valid_to is null or versions.known_from < memberships.valid_to)
    qualify
        row_number() over (
            partition by versions.record_key, versions.known_from
            order by memberships.valid_from desc nulls last, memberships.entity_key asc nulls last
        ) = 1
),

inherited as (
    select versions.record_key, versions.known_from, owners.account_key
    from versions
    inner join edges
        on
            versions.record_key = edges.record_key
            and versions.known_to > edges.known_from
            and (edges.known_to is null or versions.known_from < edges.known_to)
    inner join owners on edges.node_key = owners.node_key
    where versions.known_to is not null
    qualify
        row_number() over (
            partition by versions.record_key, versions.known_from
            order by
                owners.strength desc nulls last, owners.n_records desc nulls last,
                owners.account_key asc nulls last
        ) = 1
)

select
    versions.record_key,
    versions.record_type,
    versions.version_number,
    versions.is_employment,
    versions.said_at,
    versions.said_until,
    versions.said_basis,
    coalesce(inherited.account_key, held.account_key) as account_key
from versions
left join held
    on versions.record_key = held.record_key and versions.known_from = held.known_from
left join inherited
    on versions.record_key = inherited.record_key and versions.known_from = inherited.known_from
