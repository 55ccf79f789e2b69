-- First attempt, first connection and first action of sales of every clock. Whether a reply of the lead
-- connects is decided by what came before it: only after an attempt of ours.
with starts as (select * from {{ ref('int_sla__starts') }}),

contacts as (select * from {{ ref('int_sla__contacts') }}),

during as (
    select
        starts.clock_key,
        contacts.occurred_at,
        contacts.contact_level,
        contacts.is_attempt,
        contacts.is_rep_action,
        contacts.is_sales_action,
        min(case when contacts.is_attempt then contacts.occurred_at end) over (
            partition by starts.clock_key
        ) as first_attempt_at
    from starts
    inner join contacts
        on
            starts.lead_key = contacts.lead_key
            and starts.looked_from <= contacts.occurred_at
            and contacts.occurred_at <= coalesce(starts.ended_at, timestamp '9999-12-31 00:00:00')
)

select
    clock_key,
    min(first_attempt_at) as first_attempt_at,
    min(occurred_at) filter (
        where contact_level in ('connected', 'two_way') and (is_rep_action or occurred_at >= first_attempt_at)
    ) as first_connected_at,
    min(occurred_at) filter (where is_sales_action) as first_action_at
from during
group by clock_key
