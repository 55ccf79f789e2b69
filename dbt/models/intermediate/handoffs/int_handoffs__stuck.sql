-- Open leads that made no progress beyond the limit, with what tells who holds the ball.
with intervals as (select * from {{ ref('int_lifecycle__intervals') }} where exited_at is null),

watched as (select * from {{ ref('watched_stage') }} where watch = 'stuck' and {{ in_force_now() }}),

outcomes as (select * from {{ ref('int_leads__outcomes') }} where cleaning_outcome = 'net'),

closings as (select * from {{ ref('int_handoffs__closings') }}),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }} where valid_to is null),

handoffs as (
    select * from {{ ref('int_handoffs__judged') }}
    qualify row_number() over (partition by lead_key order by handoff_number desc nulls last) = 1
),

contacts as (
    select
        lead_key,
        max(case when contact_level in ('connected', 'two_way') then 2 else 1 end) as contact_rank
    from {{ ref('int_sla__contacts') }}
    where is_attempt
    group by lead_key
),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'stuck' and {{ in_force_now() }}),

computable as (select * from {{ ref('int_routing__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

gone as (select distinct lead_key from closings where closed_as in ('merged', 'deleted')),

standing as (
    select
        intervals.lead_key, intervals.stage, intervals.entered_at, owner_periods.owner_user_id,
        owner_periods.owner_team_id, coalesce(owner_periods.owner_side, 'nobody') as owner_side,
        case
            when handoffs.handoff_key is null then 'none'
            when handoffs.has_come_back and handoffs.decision = 'accepted' then 'returned'
            when handoffs.decision = 'pending' then handoffs.outcome_in_window
            else handoffs.decision
        end as handoff_state,
        handoffs.handoff_key, handoffs.from_user_id, handoffs.to_user_id,
        coalesce(handoffs.reason_code, '') as reason_code,
        case contacts.contact_rank when 2 then 'connected' when 1 then 'attempted' else 'none' end as contact,
        -- The newest of what moved: the stage, the owner, the hand-over.
        greatest(
            intervals.entered_at, owner_periods.valid_from, handoffs.offered_at,
            case when handoffs.decided_at <= as_of.as_of then handoffs.decided_at end,
            case when handoffs.came_back_at <= as_of.as_of then handoffs.came_back_at end
        ) as moved_at,
        as_of.as_of, limits.boundary, {{ limit_seconds("limits") }} as limit_seconds
    from intervals
    inner join watched on intervals.stage = watched.stage
    inner join outcomes on intervals.lead_key = outcomes.lead_key
    cross join as_of
    cross join limits
    cross join computable
    left join gone on intervals.lead_key = gone.lead_key
    left join owner_periods on intervals.lead_key = owner_periods.lead_key
    left join handoffs on intervals.lead_key = handoffs.lead_key
    left join contacts on intervals.lead_key = contacts.lead_key
    where gone.lead_key is null and computable.has_sides
)

select *, {{ seconds_between("moved_at", "as_of") }} as stuck_seconds
from standing
where {{ is_beyond(seconds_between("moved_at", "as_of"), "limit_seconds", "boundary") }}
