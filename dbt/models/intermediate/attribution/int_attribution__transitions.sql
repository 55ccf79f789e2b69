-- How often a journey went from one channel to the next, (start) and its outcome included. Staying on a
-- channel is left out: it changes no probability of arriving anywhere. Open journeys are not in here.
with journeys as (select * from {{ ref('int_attribution__journeys') }} where touched_at is not null)

select '(start)' as from_state, channel as to_state, count(*) as n_transitions
from journeys
where touch_position = 1
group by channel
union all
select channel as from_state, coalesce(next_channel, outcome) as to_state, count(*) as n_transitions
from journeys
where next_channel is distinct from channel
group by channel, coalesce(next_channel, outcome)
