-- When an accepted hand-over was over for sales' silence: the lead moved beyond the watched stages, or
-- was closed, merged away or deleted.
with handoffs as (
    select * from {{ ref('int_handoffs__judged') }} where decision = 'accepted' and decided_at <= as_of
),

intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

closings as (select * from {{ ref('int_handoffs__closings') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'rep_silence' and {{ in_force_now() }}),

moves as (
    select intervals.lead_key, intervals.entered_at as moved_at
    from intervals
    left join watched on intervals.stage = watched.stage
    where watched.stage is null
    union all
    select lead_key, closed_at as moved_at from closings
)

select handoffs.handoff_key, min(moves.moved_at) as moved_at
from handoffs
inner join moves on handoffs.lead_key = moves.lead_key and handoffs.decided_at <= moves.moved_at
group by handoffs.handoff_key
