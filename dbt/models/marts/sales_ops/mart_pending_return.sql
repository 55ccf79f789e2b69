with silences as (select * from {{ ref('int_handoffs__silences') }}),

leads as (select * from {{ ref('dim_lead') }}),

owners_now as (select * from {{ ref('fct_lead_owner_period') }} where valid_to is null),

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
    {{ surrogate_key(["ended.handoff_key", "ended.silence_number"]) }} as pending_return_key,
    ended.handoff_key,
    cast(ended.silence_number as integer) as silence_number,
    ended.lead_key,
    leads.source_system,
    leads.lead_id,
    ended.to_user_id as responsible_user_id,
    ended.to_team_id as responsible_team_id,
    owners_now.owner_user_id,
    owners_now.owner_team_id,
    ended.accepted_at,
    ended.silent_from,
    ended.expected_return_at,
    case when ended.came_back_at <= ended.as_of then ended.came_back_at end as returned_at,
    ended.return_status,
    ended.return_status = 'due' as is_pending,
    ended.next_to_user_id,
    ended.next_to_user_id <> coalesce(ended.to_user_id, '') as is_reassigned_to_other_rep,
    {{ seconds_between("ended.expected_return_at", "coalesce(ended.resumed_at, ended.watched_to)") }} / 86400
        as days_overdue,
    ended.rule_version
from ended
inner join leads on ended.lead_key = leads.lead_key
left join owners_now on ended.lead_key = owners_now.lead_key
