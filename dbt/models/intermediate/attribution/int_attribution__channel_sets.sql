-- Ended journeys by the set of channels they touched: all that a Shapley value needs to know.
with journeys as (select * from {{ ref('int_attribution__journeys') }} where touched_at is not null),

bits as (select * from {{ ref('int_attribution__channel_bits') }}),

conversions as (select conversion_key, cash_minor from {{ ref('int_attribution__conversions') }}),

sets as (
    select
        journeys.journey_key,
        max(journeys.conversion_key) as conversion_key,
        bit_or(bits.channel_bit) as channel_set
    from journeys
    inner join bits on journeys.channel = bits.channel
    group by journeys.journey_key
)

select
    sets.channel_set,
    count(sets.conversion_key) as n_converted,
    count(*) - count(sets.conversion_key) as n_not_converted,
    coalesce(sum(conversions.cash_minor), 0) as cash_minor
from sets
left join conversions on sets.conversion_key = conversions.conversion_key
group by sets.channel_set
