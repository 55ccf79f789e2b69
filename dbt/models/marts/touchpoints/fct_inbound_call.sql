-- Which lead a call is about: the one the agent linked, else the newest its caller had by the end of the
-- case's time, else none.
with calls as (select * from {{ ref('int_engagement__inbound_cases') }}),

touchpoints as (select * from {{ ref('fct_touchpoint') }} where touch_kind = 'call_inbound'),

leads as (select * from {{ ref('dim_lead') }}),

keyed as (
    select
        *,
        {{ surrogate_key(["'call_inbound'", "source_system", "call_id"]) }} as call_touchpoint_key
    from calls
),

candidates as (
    select
        keyed.call_touchpoint_key,
        leads.lead_key,
        leads.created_at >= keyed.started_at as is_after_call,
        coalesce(leads.lead_id = keyed.linked_lead_id, false) as is_linked,
        leads.created_at
    from keyed
    inner join touchpoints on keyed.call_touchpoint_key = touchpoints.touchpoint_key
    inner join leads on touchpoints.person_key = leads.person_key
    where
        {{ seconds_between("keyed.started_at", "leads.created_at") }} <= 60 * {{ policy('call', 'case_minutes') }}
        and keyed.is_worth_a_lead
),

chosen as (
    select *
    from candidates
    qualify
        row_number() over (
            partition by call_touchpoint_key
            order by is_linked desc nulls last, created_at desc nulls last, lead_key asc nulls last
        ) = 1
)

select
    keyed.call_touchpoint_key,
    {{ surrogate_key(["'call_inbound'", "keyed.source_system", "keyed.case_call_id"]) }} as case_touchpoint_key,
    keyed.source_system,
    keyed.call_id,
    touchpoints.person_key,
    keyed.started_at,
    keyed.is_first_of_case,
    keyed.is_answered,
    cast(keyed.talk_seconds as bigint) as talk_seconds,
    keyed.is_worth_a_lead,
    chosen.lead_key,
    coalesce(chosen.is_after_call, false) as is_lead_new
from keyed
inner join touchpoints on keyed.call_touchpoint_key = touchpoints.touchpoint_key
left join chosen on keyed.call_touchpoint_key = chosen.call_touchpoint_key
