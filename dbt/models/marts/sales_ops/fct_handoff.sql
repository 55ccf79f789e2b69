with handoffs as (select * from {{ ref('int_handoffs__judged') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'ping_pong' and {{ in_force_now() }})

select
    handoffs.handoff_key,
    handoffs.lead_key,
    cast(handoffs.handoff_number as integer) as handoff_number,
    handoffs.source_system,
    handoffs.basis,
    cast(handoffs.confidence as double) as confidence,
    coalesce(handoffs.counts_in_acceptance, false) and not handoffs.is_self_assigned as is_counted_in_acceptance,
    handoffs.from_user_id,
    handoffs.from_team_id,
    handoffs.to_user_id,
    handoffs.to_team_id,
    handoffs.offered_at,
    {{ business_date("handoffs.offered_at") }} as offered_date,
    case
        when handoffs.decided_at > handoffs.as_of then handoffs.outcome_in_window
        when handoffs.decision = 'pending' then handoffs.outcome_in_window
        else handoffs.decision
    end as decision,
    case when handoffs.decided_at <= handoffs.as_of then handoffs.decided_at end as decided_at,
    handoffs.reason_code,
    handoffs.has_note,
    {{ seconds_later("handoffs.offered_at", "handoffs.decision_seconds") }} as window_closes_at,
    handoffs.is_window_closed,
    handoffs.outcome_in_window,
    case when handoffs.came_back_at <= handoffs.as_of then handoffs.came_back_at end as returned_at,
    case when handoffs.came_back_at <= handoffs.as_of then handoffs.return_basis end as return_basis,
    handoffs.decision = 'accepted' and coalesce(handoffs.is_return_window_closed, false)
        as is_return_window_closed,
    handoffs.is_returned_in_window,
    handoffs.is_self_assigned,
    cast(handoffs.round_trip_number as integer) as round_trip_number,
    coalesce({{ is_beyond("handoffs.n_round_trips", "limits.limit_value", "limits.boundary") }}, false)
        as is_ping_pong,
    handoffs.rule_version,
    handoffs.known_at
from handoffs
left join limits on true
