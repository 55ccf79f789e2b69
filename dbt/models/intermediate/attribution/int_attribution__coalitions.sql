-- Every coalition of players with the journeys that touched nobody else: sums over all subsets, made in
-- one pass per player (Yates). A coalition is worth the share of them that converted.
with subsets_0 as (select * from {{ ref('int_attribution__exact_coalitions') }}),

-- One pass: with the player, a coalition gains what the same coalition has without.
{% for player in range(most_players()) -%}
subsets_{{ player + 1 }} as (
    select
        coalition,
        n_converted + coalesce(lag(n_converted) over subsets, 0) as n_converted,
        n_journeys + coalesce(lag(n_journeys) over subsets, 0) as n_journeys
    from subsets_{{ player }}
    window subsets as (
        partition by coalition - (coalition & {{ 2 ** player }}) order by coalition asc nulls last
    )
),

{% endfor -%}
sized as (
    select *, bit_count(coalition) as n_players from subsets_{{ most_players() }}
)

select
    coalition,
    n_players,
    n_converted,
    n_journeys,
    coalesce({{ ratio("n_converted", "n_journeys") }}, 0.0) as worth
from sized
