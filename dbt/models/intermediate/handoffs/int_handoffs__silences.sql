-- The silences of sales beyond the limit after each accepted hand-over (X6: the rep's silence, not the
-- lead's). Whoever acted too late may fall silent again: each silence is a return that was due. The watch
-- ends when the lead comes back, is closed, or moves beyond the watched stages.
with handoffs as (
    select * from {{ ref('int_handoffs__judged') }} where decision = 'accepted' and decided_at <= as_of
),

contacts as (select * from {{ ref('int_sla__contacts') }} where is_sales_action),

first_moves as (select * from {{ ref('int_handoffs__moves') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'rep_silence'),

watches as (
    select
        handoffs.*,
        first_moves.moved_at,
        least(handoffs.came_back_at, first_moves.moved_at, handoffs.next_offered_at, handoffs.as_of) as watched_to
    from handoffs
    left join first_moves on handoffs.handoff_key = first_moves.handoff_key
),

signs_of_life as (
    select handoff_key, decided_at as happened_at from watches
    union
    select watches.handoff_key, contacts.occurred_at as happened_at
    from watches
    inner join contacts
        on
            watches.lead_key = contacts.lead_key
            and watches.decided_at < contacts.occurred_at
            and watches.watched_to > contacts.occurred_at
),

gaps as (
    select
        handoff_key,
        happened_at as silent_from,
        lead(happened_at) over (partition by handoff_key order by happened_at asc nulls last) as resumed_at
    from signs_of_life
)

select
    watches.handoff_key,
    row_number() over (
        partition by watches.handoff_key order by gaps.silent_from asc nulls last
    ) as silence_number,
    watches.lead_key,
    watches.to_user_id,
    watches.to_team_id,
    watches.decided_at as accepted_at,
    gaps.silent_from,
    gaps.resumed_at,
    {{ seconds_later("gaps.silent_from", limit_seconds("limits")) }} as expected_return_at,
    watches.came_back_at,
    watches.moved_at,
    watches.next_to_user_id,
    watches.next_offered_at,
    watches.watched_to,
    watches.as_of,
    limits.rule_version
from watches
inner join gaps on watches.handoff_key = gaps.handoff_key
inner join limits on {{ in_force('limits', business_date('watches.decided_at')) }}
where
    {{ is_beyond(
        seconds_between("gaps.silent_from", "coalesce(gaps.resumed_at, watches.watched_to)"),
        limit_seconds("limits"), "limits.boundary"
    ) }}
