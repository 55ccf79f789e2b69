-- How often the journeys of a group went from one channel to the next, (start) and their outcome
-- included. Staying on a channel is left out: it changes no probability of arriving anywhere. Open
-- journeys are not in here.
with journeys as (
    select *, {{ journey_group("journey_number") }} as journey_group
    from {{ ref('int_attribution__journeys') }}
    where touched_at is not null
),

-- All touches are counted once; the rest is about the few kinds of them.
kinds as (
    select
        journey_group, channel, next_channel, is_converted, touch_position = 1 as is_first, count(*) as n_touches
    from journeys
    group by journey_group, channel, next_channel, is_converted, touch_position = 1
),

steps as (
    select journey_group, '(start)' as from_state, channel as to_state, n_touches
    from kinds
    where is_first
    union all
    select
        journey_group, channel as from_state,
        coalesce(next_channel, case when is_converted then 'converted' else 'not_converted' end) as to_state,
        n_touches
    from kinds
    where next_channel is distinct from channel
)

select journey_group, from_state, to_state, sum(n_touches) as n_transitions
from steps
group by journey_group, from_state, to_state
