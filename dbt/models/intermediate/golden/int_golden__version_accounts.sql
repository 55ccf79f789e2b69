-- The account that each version of a record speaks of, named by today's graph. A version with the
-- company of today's has the account of today, even none. What it said before is read by today's owner
-- of the same evidence, since the account of those days may have been merged or split.
with versions as (
    select
        *,
        {{ surrogate_key([
            "company_name", "credit_code", "crm_account_id", "website", "lower(split_part(email, '@', 2))"
        ]) }} as company_evidence
    from {{ ref('int_golden__timed_versions') }}
),

memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'account'),

edges as (select * from {{ ref('int_identity__edges') }} where entity = 'account'),

accepted as (select * from {{ ref('int_golden__accepted_edges') }} where entity = 'account'),

spoken_today as (
    select versions.record_key, versions.company_evidence, memberships.entity_key as account_key
    from versions
    left join memberships
        on
            versions.record_key = memberships.record_key
            and memberships.valid_to is null
    where versions.known_to is null
),

former as (
    select versions.*
    from versions
    left join spoken_today
        on
            versions.record_key = spoken_today.record_key
            and versions.company_evidence = spoken_today.company_evidence
    where spoken_today.record_key is null
),

owners as (
    select
        node_key,
        entity_key as account_key,
        max(strength) as strength,
        count(distinct record_key) as n_records
    from accepted
    group by node_key, entity_key
),

inherited as (
    select former.record_key, former.version_number, owners.account_key
    from former
    inner join edges
        on
            former.record_key = edges.record_key
            and former.known_to > edges.known_from
            and (edges.known_to is null or former.known_from < edges.known_to)
    inner join owners on edges.node_key = owners.node_key
    qualify
        row_number() over (
            partition by former.record_key, former.version_number
            order by
                owners.strength desc nulls last, owners.n_records desc nulls last,
                owners.account_key asc nulls last
        ) = 1
),

-- The last resort, as it was held then: a company nobody names any more.
held as (
    select former.record_key, former.version_number, memberships.entity_key as account_key
    from former
    inner join memberships
        on
            former.record_key = memberships.record_key
            and former.known_to > memberships.valid_from
            and (memberships.valid_to is null or former.known_from < memberships.valid_to)
    qualify
        row_number() over (
            partition by former.record_key, former.version_number
            order by memberships.valid_from desc nulls last, memberships.entity_key asc nulls last
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
    coalesce(spoken_today.account_key, inherited.account_key, held.account_key) as account_key
from versions
left join spoken_today
    on
        versions.record_key = spoken_today.record_key
        and versions.company_evidence = spoken_today.company_evidence
left join inherited
    on versions.record_key = inherited.record_key and versions.version_number = inherited.version_number
left join held
    on versions.record_key = held.record_key and versions.version_number = held.version_number
