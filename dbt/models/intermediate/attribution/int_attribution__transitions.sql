-- The steps of all groups of journeys together. Open journeys are not in here.
with group_transitions as (select * from {{ ref('int_attribution__group_transitions') }})

select from_state, to_state, sum(n_transitions) as n_transitions
from group_transitions
group by from_state, to_state
