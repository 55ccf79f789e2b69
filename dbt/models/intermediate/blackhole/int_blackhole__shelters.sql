-- Times in which somebody still has time to act: a hand-over that sales may yet decide on, a binding clock
-- that is not over. Who is promised a contact in time is not forgotten yet.
with leads as (select lead_key from {{ ref('int_blackhole__leads') }}),

handoffs as (select * from {{ ref('int_handoffs__judged') }}),

clocks as (select * from {{ ref('int_sla__clocks') }} where is_binding),

promises as (
    select
        lead_key,
        offered_at as sheltered_from,
        least(decided_at, {{ seconds_later("offered_at", "decision_seconds") }}) as sheltered_to
    from handoffs
    union all
    -- A clock whose end is not known shelters nobody.
    select
        lead_key,
        started_at as sheltered_from,
        least(stopped_at, closed_at, coalesce(due_at, started_at)) as sheltered_to
    from clocks
)

select promises.lead_key, promises.sheltered_from, promises.sheltered_to
from promises
inner join leads on promises.lead_key = leads.lead_key
where promises.sheltered_from < coalesce(promises.sheltered_to, timestamp '9999-12-31 00:00:00')
