-- What people said to each other, and tried to, about a lead or a repeat of it. Automation, nurture blasts
-- and notes are no contact; who writes to us is talked to only after an attempt of ours.
with leads as (select * from {{ ref('int_blackhole__leads') }}),

enquiries as (select * from {{ ref('int_leads__enquiries') }}),

contacts as (select * from {{ ref('int_sla__contacts') }} where contact_level is not null),

together as (
    select
        leads.lead_key,
        contacts.activity_key,
        contacts.occurred_at,
        contacts.is_attempt,
        contacts.contact_level in ('connected', 'two_way') as is_answered,
        min(case when contacts.is_attempt then contacts.occurred_at end) over (
            partition by leads.lead_key
        ) as first_attempt_at
    from leads
    inner join enquiries on leads.lead_key = enquiries.survivor_lead_key
    inner join contacts on enquiries.lead_key = contacts.lead_key
)

select
    lead_key,
    activity_key,
    occurred_at,
    is_attempt,
    is_answered and coalesce(is_attempt or occurred_at >= first_attempt_at, false) as is_conversation
from together
