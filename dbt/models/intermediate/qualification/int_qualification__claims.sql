-- When a sales person took a lead: it came to him from outside of sales, or he accepted a hand-over.
-- An acceptance that the change of the owner answers is one claim with it.
with owners as (select * from {{ ref('int_routing__owner_periods') }}),

handoffs as (select * from {{ ref('int_handoffs__explicit') }}),

taken as (
    select
        lead_key,
        valid_from as claimed_at,
        owner_user_id,
        owner_team_id,
        changed_by_user_id,
        lag(valid_from) over (partition by lead_key order by valid_from asc nulls last) as previous_claimed_at
    from owners
    where owner_side = 'sales' and previous_side is distinct from 'sales'
),

-- The newest hand-over to the person, or to nobody named in the team, since the claim before.
answered as (
    select taken.lead_key, taken.claimed_at, handoffs.handoff_key, handoffs.offered_at
    from taken
    inner join handoffs
        on
            taken.lead_key = handoffs.lead_key
            and taken.claimed_at >= handoffs.offered_at
            and coalesce(taken.previous_claimed_at, timestamp '1970-01-01 00:00:00') < handoffs.offered_at
    where
        case
            when handoffs.to_user_id is null then handoffs.to_team_id = taken.owner_team_id
            else handoffs.to_user_id = taken.owner_user_id
        end
    qualify
        row_number() over (
            partition by taken.lead_key, taken.claimed_at
            order by handoffs.offered_at desc nulls last, handoffs.handoff_key asc nulls last
        ) = 1
)

select
    taken.lead_key, taken.claimed_at, taken.owner_user_id as claimed_by_user_id,
    taken.owner_team_id as claimed_by_team_id, 'owner_change' as claim_evidence,
    taken.changed_by_user_id = taken.owner_user_id as is_own_act,
    answered.handoff_key, answered.offered_at
from taken
left join answered on taken.lead_key = answered.lead_key and taken.claimed_at = answered.claimed_at
union all
select
    handoffs.lead_key, handoffs.decided_at as claimed_at, handoffs.to_user_id as claimed_by_user_id,
    handoffs.to_team_id as claimed_by_team_id, 'handoff_accepted' as claim_evidence,
    true as is_own_act, handoffs.handoff_key, handoffs.offered_at
from handoffs
left join answered on handoffs.handoff_key = answered.handoff_key
where handoffs.decision = 'accepted' and handoffs.decided_at is not null and answered.handoff_key is null
