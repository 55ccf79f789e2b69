-- Inbound calls as cases (A03): calls of one number within call.case_minutes of each other are one. A case
-- is worth a lead when somebody was spoken to for call.min_talk_seconds.
with calls as (select * from {{ ref('int_engagement__calls') }} where direction <> 'outbound'),

phones as (select * from {{ ref('int_identifiers__phones') }}),

numbered as (
    select
        calls.source_system,
        calls.call_id,
        calls.started_at,
        calls.answered_at,
        calls.linked_lead_id,
        coalesce({{ seconds_between("calls.answered_at", "calls.ended_at") }}, 0) as talk_seconds,
        -- A withheld number is a caller of its own.
        coalesce(phones.e164, calls.other_phone, calls.call_id) as caller
    from calls
    left join phones on calls.other_phone = phones.raw_phone
),

gaps as (
    select
        *,
        case
            when
                {{ seconds_between(
                    "lag(started_at) over (partition by source_system, caller order by started_at asc nulls last, call_id asc nulls last)",
                    "started_at"
                ) }} <= 60 * {{ policy('call', 'case_minutes') }}
                then 0
            else 1
        end as begins_case
    from numbered
),

cases as (
    select
        *,
        sum(begins_case) over (
            partition by source_system, caller order by started_at asc nulls last, call_id asc nulls last
            rows between unbounded preceding and current row
        ) as case_number
    from gaps
)

select
    source_system,
    call_id,
    first_value(call_id) over case_calls as case_call_id,
    begins_case = 1 as is_first_of_case,
    started_at,
    answered_at is not null as is_answered,
    talk_seconds,
    max(talk_seconds) over (partition by source_system, caller, case_number)
    >= {{ policy('call', 'min_talk_seconds') }} as is_worth_a_lead,
    linked_lead_id
from cases
window case_calls as (
    partition by source_system, caller, case_number order by started_at asc nulls last, call_id asc nulls last
)
