-- Where clocks start: a lead is created, waits for the SDRs, or is accepted by sales.
-- They end without a contact when the lead leaves those hands or is closed.
with leads as (select * from {{ ref('int_crm__leads') }}),

assignments as (select * from {{ ref('int_sla__assignments') }}),

handoffs as (select * from {{ ref('int_handoffs__judged') }} where decision = 'accepted' and decided_at <= as_of),

moves as (select * from {{ ref('int_handoffs__moves') }}),

closings as (select * from {{ ref('int_handoffs__closings') }}),

intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

starts as (
    select
        {{ surrogate_key(["'created'", "lead_key"]) }} as clock_key, lead_key, 'created' as clock_start,
        created_at as started_at, cast(null as timestamp) as left_at,
        cast(null as {{ dbt.type_string() }}) as user_id, cast(null as {{ dbt.type_string() }}) as team_id,
        cast(null as timestamp) as looked_from
    from leads
    union all
    select
        {{ surrogate_key(["'assigned'", "lead_key", "started_at"]) }} as clock_key, lead_key,
        'assigned' as clock_start, started_at, left_at, user_id, team_id, looked_from
    from assignments
    union all
    select
        {{ surrogate_key(["'handoff_accepted'", "handoffs.handoff_key"]) }} as clock_key, handoffs.lead_key,
        'handoff_accepted' as clock_start, handoffs.decided_at as started_at,
        least(handoffs.came_back_at, moves.moved_at) as left_at,
        handoffs.to_user_id as user_id, handoffs.to_team_id as team_id, handoffs.decided_at as looked_from
    from handoffs
    left join moves on handoffs.handoff_key = moves.handoff_key
),

first_closings as (
    select starts.clock_key, min(closings.closed_at) as closed_at
    from starts
    inner join closings
        on starts.lead_key = closings.lead_key and starts.started_at < closings.closed_at
    group by starts.clock_key
),

-- The stay of the instant; of several at one instant the last.
stays as (
    select
        starts.clock_key,
        max_by(intervals.stage, intervals.stay_number) as stage_at_start,
        max(intervals.passage_number) as passage_number
    from starts
    inner join intervals
        on starts.lead_key = intervals.lead_key and starts.started_at >= intervals.entered_at
    group by starts.clock_key
),

passages as (
    select lead_key, passage_number, min(entered_at) as passage_from
    from intervals
    group by lead_key, passage_number
)

select
    starts.clock_key,
    starts.lead_key,
    starts.clock_start,
    starts.started_at,
    starts.user_id,
    starts.team_id,
    stays.stage_at_start,
    -- A contact before the start counts when it belongs to the same passage and to these hands: not one of
    -- an earlier passage, nor of who gave the lead up, nor anything before sales accepted.
    greatest(
        case
            when coalesce(stays.passage_number, 1) = 1 then timestamp '1000-01-01 00:00:00'
            else passages.passage_from
        end,
        starts.looked_from
    ) as looked_from,
    least(starts.left_at, first_closings.closed_at) as ended_at,
    first_closings.closed_at is not null as is_lead_closed_after
from starts
cross join as_of
left join first_closings on starts.clock_key = first_closings.clock_key
left join stays on starts.clock_key = stays.clock_key
left join passages
    on starts.lead_key = passages.lead_key and stays.passage_number = passages.passage_number
where starts.started_at <= as_of.as_of
