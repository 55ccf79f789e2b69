-- The sets of channels of all groups of journeys together.
with group_sets as (select * from {{ ref('int_attribution__group_sets') }})

select
    channel_set,
    sum(n_converted) as n_converted,
    sum(n_not_converted) as n_not_converted,
    sum(cash_minor) as cash_minor
from group_sets
where channel_set > 0
group by channel_set
