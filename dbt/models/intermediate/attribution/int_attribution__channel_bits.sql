-- Channels of journeys as powers of two, so that a set of channels is a number.
with transitions as (select * from {{ ref('int_attribution__transitions') }} where from_state <> '(start)')

select
    from_state as channel,
    cast(power(2, row_number() over (order by from_state asc nulls last) - 1) as bigint) as channel_bit
from transitions
group by from_state
