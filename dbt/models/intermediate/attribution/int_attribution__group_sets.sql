-- Ended journeys of a group by the set of channels they touched: all that a Shapley value needs to
-- know. Set 0 are conversions without any touch.
with journeys as (select * from {{ ref('int_attribution__journeys') }}),

bits as (select * from {{ ref('int_attribution__channel_bits') }}),

windows as (select * from {{ ref('int_attribution__windows') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

-- An unattributed conversion has no bit.
sets as (
    select journeys.journey_number, coalesce(bit_or(bits.channel_bit), 0) as channel_set
    from journeys
    left join bits on journeys.channel = bits.channel
    group by journeys.journey_number
)

select
    windows.journey_group,
    sets.channel_set,
    count(windows.conversion_key) as n_converted,
    count(*) - count(windows.conversion_key) as n_not_converted,
    coalesce(sum(conversions.cash_minor), 0) as cash_minor
from sets
inner join windows on sets.journey_number = windows.journey_number
left join conversions on windows.conversion_key = conversions.conversion_key
group by windows.journey_group, sets.channel_set
