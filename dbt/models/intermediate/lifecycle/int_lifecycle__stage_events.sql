-- Assertions in one total order per lead: business time, source sequence, stage tie rank, event id.
-- A lead whose first event lies before its creation starts at that instant; the event is flagged.
with assertions as (select * from {{ ref('int_lifecycle__assertions') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

as_of as (select * from {{ ref('int_time__as_of') }}),

firsts as (
    select
        assertions.*,
        leads.created_at,
        min(assertions.occurred_at) over (partition by assertions.lead_key) as first_occurred_at
    from assertions
    inner join leads on assertions.lead_key = leads.lead_key
),

judged as (
    select
        firsts.*,
        stages.stage_rank,
        stages.tie_rank,
        stages.path_kind,
        stages.path_position,
        firsts.occurred_at < firsts.created_at as is_before_creation,
        -- A clock that runs ahead must not take the lead out of the funnel.
        firsts.occurred_at > as_of.as_of and firsts.evidence <> 'crm_lead_created' as is_in_future,
        {{ seconds_between("firsts.known_at", "firsts.occurred_at") }}
        > {{ policy('lifecycle', 'future_tolerance_minutes') }} * 60 as is_known_before_it_happened,
        -- What was said at the instant of creation (CRMs log the first status seconds later) moves
        -- with the creation.
        case
            when
                firsts.first_occurred_at < firsts.created_at
                and {{ seconds_between("firsts.created_at", "firsts.occurred_at") }} >= 0
                and {{ seconds_between("firsts.created_at", "firsts.occurred_at") }}
                < {{ policy('lifecycle', 'creation_tolerance_minutes') }} * 60
                then firsts.first_occurred_at
            else firsts.occurred_at
        end as effective_at
    from firsts
    inner join stages on firsts.stage = stages.stage
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
