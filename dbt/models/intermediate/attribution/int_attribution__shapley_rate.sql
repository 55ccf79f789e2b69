-- Shapley value of the rate game: the mean, over all orders of arrival, of what a channel adds to the
-- share of journeys that convert. Negative where journeys with the channel convert less. Summed as
-- decimals, so that no order of summation shows.
with coalitions as (select * from {{ ref('int_attribution__coalitions') }}),

channels as (select * from {{ ref('int_attribution__players') }}),

players as (
    select player_bit, count(*) over () as n_players
    from (select distinct player_bit from channels) as distinct_players
),

-- s! (K - s - 1)! / K! for a coalition of s without the player; the minus is of those without it.
terms as (
    select
        players.player_bit,
        case when (coalitions.coalition & players.player_bit) <> 0 then 1 else 0 end as is_member,
        coalitions.n_players - case when (coalitions.coalition & players.player_bit) <> 0 then 1 else 0 end
            as n_others,
        players.n_players,
        coalitions.worth
    from coalitions
    cross join players
),

player_values as (
    select
        player_bit,
        sum(cast(
            (2 * is_member - 1) * worth
            * cast(factorial(cast(n_others as integer)) as double)
            * cast(factorial(cast(n_players - n_others - 1 as integer)) as double)
            / cast(factorial(cast(n_players as integer)) as double)
            as decimal(38, 18)
        )) as shapley_value
    from terms
    group by player_bit
)

-- Channels that are one player share its value as they share conversions.
select
    channels.channel,
    cast(player_values.shapley_value as double) * coalesce(
        {{ ratio("channels.credit_micro", "sum(channels.credit_micro) over (partition by channels.player_bit)") }},
        1.0 / count(*) over (partition by channels.player_bit)
    ) as shapley_value
from channels
inner join player_values on channels.player_bit = player_values.player_bit
