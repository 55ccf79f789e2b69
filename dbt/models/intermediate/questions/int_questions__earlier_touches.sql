-- How often the person behind a lead had visited us before each clock began: what no contact after it can
-- have caused. The placebo outcome of question 3 (D6).
with starts as (select * from {{ ref('int_sla__starts') }} where clock_start in ('created', 'assigned')),

leads as (select lead_key, person_key from {{ ref('int_leads__leads') }} where person_key is not null),

touches as (
    select person_key, occurred_at from {{ ref('int_touchpoints__unified') }} where touch_kind = 'web_session'
)

select
    starts.clock_key,
    count(*) as n_touches
from starts
inner join leads on starts.lead_key = leads.lead_key
inner join touches on leads.person_key = touches.person_key and starts.started_at > touches.occurred_at
group by starts.clock_key
