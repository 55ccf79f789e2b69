-- What each side of a person allows now: the latest word counts. A listing holds as long as it stands,
-- whatever was granted since; a void act (a prechecked box) says nothing beside any other; a pending
-- one suspends a grant and never lifts a refusal.
with acts as (select * from {{ ref('int_golden__permission_acts') }}),

decisions as (select * from {{ ref('permission_decision') }} where {{ in_force_now() }}),

as_of as (select * from {{ ref('int_time__as_of') }}),

standing as (
    select * from acts
    where decision in ('granted', 'denied')
    qualify
        row_number() over (
            partition by person_key, side_key, channel, purpose
            order by
                case when evidence_kind = 'suppression' then 0 else 1 end asc nulls last,
                acted_at desc nulls last, case when decision = 'denied' then 0 else 1 end asc nulls last,
                evidence_id asc nulls last
        ) = 1
),

unanswered as (
    select * from acts
    where decision in ('pending', 'void')
    qualify
        row_number() over (
            partition by person_key, side_key, channel, purpose
            order by
                case when decision = 'pending' then 0 else 1 end asc nulls last,
                acted_at desc nulls last, evidence_id asc nulls last
        ) = 1
),

sides as (
    select distinct person_key, side_type, side_key, channel, purpose from acts
),

weighed as (
    select
        sides.*,
        case
            when standing.decision = 'denied' then 'denied'
            when standing.decision is null then 'no_grant'
            when unanswered.decision = 'pending' and unanswered.acted_at >= standing.acted_at then 'no_grant'
            when standing.expires_at <= as_of.as_of then 'no_grant'
            else 'granted'
        end as decision,
        case
            when standing.decision = 'denied' then false
            when standing.decision is null then true
            else coalesce(unanswered.decision = 'pending' and unanswered.acted_at >= standing.acted_at, false)
        end as is_unanswered,
        standing.evidence_kind as standing_kind,
        standing.evidence_id as standing_id,
        standing.acted_at as standing_at,
        unanswered.evidence_kind as unanswered_kind,
        unanswered.evidence_id as unanswered_id,
        unanswered.acted_at as unanswered_at
    from sides
    cross join as_of
    left join standing
        on
            sides.person_key = standing.person_key
            and sides.side_key = standing.side_key
            and sides.channel = standing.channel
            and sides.purpose = standing.purpose
    left join unanswered
        on
            sides.person_key = unanswered.person_key
            and sides.side_key = unanswered.side_key
            and sides.channel = unanswered.channel
            and sides.purpose = unanswered.purpose
)

select
    weighed.person_key,
    weighed.channel,
    weighed.purpose,
    weighed.side_type,
    weighed.side_key,
    weighed.decision,
    decisions.strictness,
    case when weighed.is_unanswered then weighed.unanswered_kind else weighed.standing_kind end as evidence_kind,
    case when weighed.is_unanswered then weighed.unanswered_id else weighed.standing_id end as evidence_id,
    case when weighed.is_unanswered then weighed.unanswered_at else weighed.standing_at end as decided_at
from weighed
inner join decisions on weighed.decision = decisions.decision
