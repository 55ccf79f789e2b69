-- Every coalition of players, with the journeys that touched exactly these.
with sets as (select * from {{ ref('int_attribution__channel_sets') }}),

players as (select * from {{ ref('int_attribution__players') }}),

played as (
    select sets.channel_set, sets.n_converted, sets.n_not_converted, bit_or(players.player_bit) as coalition
    from sets
    cross join players
    where (sets.channel_set & players.channel_bit) <> 0
    group by sets.channel_set, sets.n_converted, sets.n_not_converted
),

touched as (
    select coalition, sum(n_converted) as n_converted, sum(n_converted + n_not_converted) as n_journeys
    from played
    group by coalition
),

coalitions as ({{ series("0", "(select 2 * max(player_bit) - 1 from players)", "coalition") }})

select
    coalitions.coalition,
    cast(coalesce(touched.n_converted, 0) as bigint) as n_converted,
    cast(coalesce(touched.n_journeys, 0) as bigint) as n_journeys
from coalitions
left join touched on coalitions.coalition = touched.coalition
