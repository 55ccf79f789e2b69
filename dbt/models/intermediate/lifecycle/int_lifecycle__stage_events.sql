-- Assertions in one total order per lead: business time, source sequence, stage tie rank, event id.
-- A lead whose first event lies before its creation starts with that event; the event is flagged.
with assertions as (select * from {{ ref('int_lifecycle__assertions') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

as_of as (select * from {{ ref('int_time__as_of') }}),

judged as (
    select
        assertions.*,
        stages.stage_rank,
        stages.tie_rank,
        stages.path_kind,
        stages.path_position,
        assertions.occurred_at < leads.created_at as is_before_creation,
        assertions.occurred_at > as_of.as_of as is_in_future,
        {{ seconds_between("assertions.known_at", "assertions.occurred_at") }}
        > {{ policy('lifecycle', 'future_tolerance_minutes') }} * 60 as is_known_before_it_happened,
        case
            when assertions.evidence = 'crm_lead_created'
                then
                    least(
                        assertions.occurred_at,
                        min(assertions.occurred_at) over (partition by assertions.lead_key)
                    )
            else assertions.occurred_at
        end as effective_at
    from assertions
    inner join stages on assertions.stage = stages.stage
    inner join leads on assertions.lead_key = leads.lead_key
    cross join as_of
)

select
    event_id,
    lead_key,
    stage,
    stage_rank,
    tie_rank,
    path_kind,
    path_position,
    occurred_at,
    effective_at,
    source_sequence,
    known_at,
    actor_user_id,
    evidence,
    is_before_creation,
    is_known_before_it_happened,
    is_in_future,
    row_number() over (
        partition by lead_key
        order by
            effective_at asc nulls last, source_sequence asc nulls last, tie_rank asc nulls last,
            event_id asc nulls last
    ) as event_number
from judged
