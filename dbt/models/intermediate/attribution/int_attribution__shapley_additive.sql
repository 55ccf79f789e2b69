-- Shapley value of the game in which a coalition is worth the conversions that needed no other channel:
-- each conversion is shared equally by the different channels it touched. To the cent, set by set.
with sets as (select * from {{ ref('int_attribution__channel_sets') }}),

bits as (select * from {{ ref('int_attribution__channel_bits') }}),

members as (
    select
        sets.*,
        bits.channel,
        row_number() over (partition by sets.channel_set order by bits.channel_bit asc nulls last) as member_number,
        count(*) over (partition by sets.channel_set) as n_members
    from sets
    cross join bits
    where (sets.channel_set & bits.channel_bit) <> 0
)

select
    channel,
    sum(n_converted) as n_converted,
    sum(n_not_converted) as n_not_converted,
    sum(
        {{ telescoped_minor("n_converted * 1000000", "member_number", "n_members") }}
        - {{ telescoped_minor("n_converted * 1000000", "(member_number - 1)", "n_members") }}
    ) as credit_micro,
    sum(
        {{ telescoped_minor("cash_minor", "member_number", "n_members") }}
        - {{ telescoped_minor("cash_minor", "(member_number - 1)", "n_members") }}
    ) as cash_minor
from members
group by channel
