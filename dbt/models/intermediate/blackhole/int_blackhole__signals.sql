-- What tells why a lead fell into the hole, in the words the cause rules read, as it stood at that instant.
with entries as (select * from {{ ref('int_blackhole__entries') }}),

handoffs as (select * from {{ ref('int_handoffs__judged') }}),

clocks as (select * from {{ ref('int_sla__clocks') }} where is_binding),

computable as (select * from {{ ref('int_routing__computable') }}),

offered as (
    select
        entries.lead_key,
        entries.interval_number,
        max_by(
            case
                when handoffs.decision = 'accepted' and handoffs.came_back_at <= entries.entered_at then 'returned'
                when handoffs.decided_at <= entries.entered_at then handoffs.decision
                else 'pending'
            end,
            handoffs.handoff_number
        ) as handoff_state
    from entries
    inner join handoffs
        on
            entries.lead_key = handoffs.lead_key
            and entries.looked_from <= handoffs.offered_at
            and entries.entered_at >= handoffs.offered_at
    group by entries.lead_key, entries.interval_number
),

-- Promises that ran out unanswered and that nobody took off us since.
missed as (
    select
        entries.lead_key,
        entries.interval_number,
        max_by(clocks.clock_start, concat(clocks.due_at, clocks.clock_key)) as missed_clock
    from entries
    inner join clocks
        on
            entries.lead_key = clocks.lead_key
            and entries.looked_from <= clocks.started_at
            and entries.entered_at >= clocks.due_at
    where
        coalesce(clocks.stopped_at > entries.entered_at, true)
        and coalesce(clocks.closed_at > entries.entered_at, true)
    group by entries.lead_key, entries.interval_number
)

select
    entries.lead_key,
    entries.interval_number,
    {{ business_date("entries.entered_at") }} as entered_date,
    entries.owner_user_id,
    entries.owner_team_id,
    entries.owner_side,
    entries.n_attempts,
    entries.n_conversations,
    entries.stage_at_entry as stage,
    case
        when not computable.has_sides then 'unknown'
        when not entries.was_assigned then 'never'
        else entries.owner_side
    end as holder,
    coalesce(offered.handoff_state, 'none') as handoff_state,
    coalesce(missed.missed_clock, 'none') as missed_clock,
    case
        when entries.n_attempts + entries.n_conversations = 0 then 'none'
        when entries.n_attempts <= 1 then 'once'
        when entries.n_conversations > 0 then 'talked'
        else 'tried'
    end as contact
from entries
cross join computable
left join offered
    on entries.lead_key = offered.lead_key and entries.interval_number = offered.interval_number
left join missed on entries.lead_key = missed.lead_key and entries.interval_number = missed.interval_number
