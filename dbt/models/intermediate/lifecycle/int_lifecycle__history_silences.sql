-- When we knew a lead but no change of its status: the periods in which its versions speak.
with leads as (select * from {{ ref('int_lifecycle__lead_periods') }}),

changes as (select * from {{ ref('int_lifecycle__change_periods') }}),

steps as (
    select lead_key, first_known_at as instant, 0 as n_more from leads where known_to is null
    union all
    select changes.lead_key, greatest(changes.known_from, leads.first_known_at) as instant, 1 as n_more
    from changes
    inner join leads on changes.lead_key = leads.lead_key and leads.known_to is null
    union all
    select changes.lead_key, greatest(changes.known_to, leads.first_known_at) as instant, -1 as n_more
    from changes
    inner join leads on changes.lead_key = leads.lead_key and leads.known_to is null
    where changes.known_to is not null
),

counts as (
    select lead_key, instant, sum(n_more) as n_more
    from steps
    group by lead_key, instant
),

running as (
    select
        lead_key,
        instant as known_from,
        lead(instant) over (partition by lead_key order by instant asc nulls last) as known_to,
        sum(n_more) over (
            partition by lead_key order by instant asc nulls last
            rows between unbounded preceding and current row
        ) as n_changes
    from counts
)

select lead_key, known_from, known_to
from running
where n_changes = 0
