-- The first human contact in which the lead was reached, at each state of our knowledge: an earlier
-- one may be delivered later.
with activities as (
    select * from {{ ref('int_engagement__sales_activities') }}
    where lead_key is not null and contact_level in ('connected', 'two_way')
),

deliveries as (
    select lead_key, known_at, min(occurred_at) as occurred_at
    from activities
    group by lead_key, known_at
),

earliest as (
    select
        lead_key,
        known_at,
        min(occurred_at) over (
            partition by lead_key order by known_at asc nulls last
            rows between unbounded preceding and current row
        ) as first_contact_at
    from deliveries
),

changes as (
    select lead_key, first_contact_at, min(known_at) as known_from
    from earliest
    group by lead_key, first_contact_at
)

select
    lead_key,
    first_contact_at,
    known_from,
    lead(known_from) over (partition by lead_key order by known_from asc nulls last) as known_to
from changes
