-- Stretches in which an account is a customer without a break. A term that begins the instant another
-- one lapses carries on.
with outcomes as (select * from {{ ref('int_customer__term_outcomes') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

terms as (
    select
        account_key, term_key, starts_at,
        coalesce(lapses_at, timestamp '9999-12-31 00:00:00') as lapses_at
    from outcomes
),

reached as (
    select
        *,
        max(lapses_at) over (
            partition by account_key order by starts_at asc nulls last, term_key asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from terms
),

numbered as (
    select
        *,
        sum(case when starts_at <= covered_until then 0 else 1 end) over (
            partition by account_key order by starts_at asc nulls last, term_key asc nulls last
            rows between unbounded preceding and current row
        ) as spell_number
    from reached
)

select
    numbered.account_key,
    numbered.spell_number,
    min(numbered.starts_at) as started_at,
    case when max(numbered.lapses_at) <= max(as_of.as_of) then max(numbered.lapses_at) end as lapsed_at,
    count(*) as n_terms
from numbered
cross join as_of
group by numbered.account_key, numbered.spell_number
