-- A person's time at each account. It begins with the first statement of the account and ends with
-- the first statement of another one after the last of this one: A A B B is two periods, and A B A B
-- are two employers at once and not four moves.
with statements as (select * from {{ ref('int_golden__company_statements') }}),

instants as (
    select
        person_key,
        stated_at,
        lead(stated_at) over (partition by person_key order by stated_at asc nulls last) as next_stated_at
    from (select distinct person_key, stated_at from statements) as moments
),

spans as (
    select
        person_key,
        account_key,
        min(stated_at) as valid_from,
        max(stated_at) as last_stated_at,
        min_by(basis, concat(cast(stated_at as {{ dbt.type_string() }}), record_key)) as basis_of_period,
        count(distinct record_key) as n_records
    from statements
    group by person_key, account_key
),

closed as (
    select
        spans.*,
        instants.next_stated_at as valid_to,
        coalesce(instants.next_stated_at, timestamp '9999-12-31 00:00:00') as ends_at
    from spans
    inner join instants
        on
            spans.person_key = instants.person_key
            and spans.last_stated_at = instants.stated_at
),

overlapping as (
    select
        *,
        max(ends_at) over (
            partition by person_key order by valid_from asc nulls last, account_key asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as ends_before,
        min(valid_from) over (
            partition by person_key order by valid_from asc nulls last, account_key asc nulls last
            rows between 1 following and unbounded following
        ) as starts_after
    from closed
)

select
    person_key,
    account_key,
    valid_from,
    valid_to,
    last_stated_at,
    basis_of_period,
    n_records,
    coalesce(ends_before > valid_from, false) or coalesce(starts_after < ends_at, false) as is_interleaved,
    -- Of two employers now, the main one was stated last, then by more records.
    valid_to is null
    and row_number() over (
        partition by person_key
        order by
            ends_at desc nulls last, last_stated_at desc nulls last, n_records desc nulls last,
            account_key asc nulls last
    ) = 1 as is_main
from overlapping
