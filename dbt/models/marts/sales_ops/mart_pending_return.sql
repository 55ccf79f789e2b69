with silences as (select * from {{ ref('int_handoffs__silences') }}),

ended as (
    select
        *,
        case
            when resumed_at is not null then 'resumed'
            when came_back_at <= watched_to then 'returned'
            when moved_at <= watched_to then 'moved_on'
            when next_offered_at <= watched_to then 'reassigned'
            else 'due'
        end as return_status
    from silences
)

select
    handoff_key,
    lead_key,
    to_user_id as responsible_user_id,
    to_team_id as responsible_team_id,
    accepted_at,
    silent_from,
    expected_return_at,
    case when came_back_at <= as_of then came_back_at end as returned_at,
    return_status,
    return_status = 'due' as is_pending,
    next_to_user_id,
    next_to_user_id <> coalesce(to_user_id, '') as is_reassigned_to_other_rep,
    {{ seconds_between("expected_return_at", "coalesce(resumed_at, watched_to)") }} / 86400 as days_overdue,
    rule_version
from ended
