-- Recorded and derived hand-overs in one shape; teams as recorded, else those of the users when it
-- was offered (X15). A decision without a date is as precise as its delivery.
with offers as (
    select
        handoff_key, 'explicit' as basis, lead_key, source_system, offered_at, from_user_id,
        from_team_id, to_user_id, to_team_id, false as is_taken_by_receiver, decision,
        case when decision <> 'pending' then coalesce(decided_at, version_known_at) end as decided_at,
        case when decision = 'accepted' then returned_at end as returned_at,
        reason_code, has_note, known_at
    from {{ ref('int_handoffs__explicit') }}
    union all
    select
        handoff_key, basis, lead_key, source_system, offered_at, from_user_id, from_team_id, to_user_id,
        to_team_id, is_taken_by_receiver, decision, decided_at,
        cast(null as timestamp) as returned_at,
        cast(null as {{ dbt.type_string() }}) as reason_code, false as has_note, known_at
    from {{ ref('int_handoffs__derived') }}
),

leads as (select * from {{ ref('int_crm__leads') }}),

users as (select * from {{ ref('int_routing__users') }})

select
    offers.handoff_key,
    offers.basis,
    offers.lead_key,
    offers.source_system,
    offers.offered_at,
    offers.from_user_id,
    coalesce(offers.from_team_id, givers.team_id) as from_team_id,
    offers.to_user_id,
    coalesce(offers.to_team_id, receivers.team_id) as to_team_id,
    offers.is_taken_by_receiver or coalesce(offers.from_user_id = offers.to_user_id, false) as is_self_assigned,
    offers.decision,
    offers.decided_at,
    offers.returned_at,
    offers.reason_code,
    offers.has_note,
    offers.known_at,
    row_number() over (
        partition by offers.lead_key order by offers.offered_at asc nulls last, offers.handoff_key asc nulls last
    ) as handoff_number,
    lead(offers.offered_at) over (
        partition by offers.lead_key order by offers.offered_at asc nulls last, offers.handoff_key asc nulls last
    ) as next_offered_at,
    lead(offers.to_user_id) over (
        partition by offers.lead_key order by offers.offered_at asc nulls last, offers.handoff_key asc nulls last
    ) as next_to_user_id
from offers
-- A record about a lead that no extract delivered has nothing to stand on.
inner join leads on offers.lead_key = leads.lead_key
left join users as givers
    on
        offers.source_system = givers.source_system
        and offers.from_user_id = givers.user_id
        and offers.offered_at >= givers.valid_from
        and offers.offered_at < coalesce(givers.valid_to, timestamp '9999-12-31 00:00:00')
left join users as receivers
    on
        offers.source_system = receivers.source_system
        and offers.to_user_id = receivers.user_id
        and offers.offered_at >= receivers.valid_from
        and offers.offered_at < coalesce(receivers.valid_to, timestamp '9999-12-31 00:00:00')
