-- Hand-overs judged by the limits in force when they were offered: decided within the window (X7),
-- returned within the days of the rule, round trips. What lies after the as-of instant waits.
with offers as (select * from {{ ref('int_handoffs__offers') }}),

returns as (select * from {{ ref('int_handoffs__returns') }}),

bases as (select * from {{ ref('handoff_basis') }} where {{ in_force_now() }}),

limits as (select * from {{ ref('sales_limit') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

measured as (
    select
        offers.*, returns.returned_at as came_back_at, returns.return_basis, as_of.as_of,
        decision_limits.boundary as decision_boundary, decision_limits.rule_version,
        {{ limit_seconds("decision_limits") }} as decision_seconds,
        return_limits.boundary as return_boundary,
        {{ limit_seconds("return_limits") }} as return_seconds,
        {{ seconds_between("offers.offered_at", "offers.decided_at") }} as seconds_to_decision,
        {{ seconds_between("offers.offered_at", "as_of.as_of") }} as age_seconds,
        {{ seconds_between("offers.decided_at", "returns.returned_at") }} as seconds_to_return,
        {{ seconds_between("offers.decided_at", "as_of.as_of") }} as seconds_since_decision
    from offers
    cross join as_of
    left join returns on offers.handoff_key = returns.handoff_key
    left join limits as decision_limits
        on
            decision_limits.limit_id = 'handoff_decision'
            and {{ in_force('decision_limits', business_date('offers.offered_at')) }}
    left join limits as return_limits
        on
            return_limits.limit_id = 'handoff_return'
            and {{ in_force('return_limits', business_date('offers.offered_at')) }}
    where offers.offered_at <= as_of.as_of
),

windows as (
    select
        *,
        {{ is_beyond("age_seconds", "decision_seconds", "decision_boundary") }} as is_window_closed,
        coalesce(not {{ is_beyond("seconds_to_decision", "decision_seconds", "decision_boundary") }}, false)
        and decided_at <= as_of as is_decided_in_window,
        {{ is_beyond("seconds_since_decision", "return_seconds", "return_boundary") }} as is_return_window_closed
    from measured
),

outcomes as (
    select
        *,
        case
            when is_decided_in_window and decision <> 'pending' then decision
            when is_window_closed then 'timeout'
            else 'pending'
        end as outcome_in_window,
        coalesce(decision = 'rejected' or came_back_at <= as_of, false) as has_come_back
    from windows
)

select
    outcomes.*,
    bases.confidence,
    bases.counts_in_acceptance,
    -- Known only once the days are over, or when it came back before.
    case
        when decision <> 'accepted' then null
        when
            came_back_at <= as_of
            and not {{ is_beyond("seconds_to_return", "return_seconds", "return_boundary") }} then true
        when is_return_window_closed then false
    end as is_returned_in_window,
    sum(case when has_come_back then 1 else 0 end) over (
        partition by lead_key order by handoff_number asc nulls last
        rows between unbounded preceding and current row
    ) as round_trip_number,
    sum(case when has_come_back then 1 else 0 end) over (partition by lead_key) as n_round_trips
from outcomes
left join bases on outcomes.basis = bases.basis
