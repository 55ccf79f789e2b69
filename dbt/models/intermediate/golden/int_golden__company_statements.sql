-- Who stated to work where, and when: one row per record and run of versions that name one account.
with versions as (select * from {{ ref('int_golden__version_accounts') }} where is_employment),

persons as (
    select * from {{ ref('int_identity__memberships') }} where entity = 'person' and valid_to is null
),

compared as (
    select
        *,
        lag(account_key) over (
            partition by record_key order by version_number asc nulls last
        ) as account_before
    from versions
),

-- A version that repeats the company says nothing new; one without a company takes nothing back,
-- since nobody writes down that a person left without a new employer.
changes as (
    select
        *,
        lead(said_at) over (
            partition by record_key order by version_number asc nulls last
        ) as next_said_at
    from compared
    where coalesce(account_key, '') <> coalesce(account_before, '')
)

select
    persons.entity_key as person_key,
    changes.account_key,
    changes.record_key,
    changes.record_type,
    changes.said_at as stated_at,
    changes.next_said_at as stated_until,
    changes.said_basis as basis
from changes
inner join persons on changes.record_key = persons.record_key
where changes.account_key is not null
