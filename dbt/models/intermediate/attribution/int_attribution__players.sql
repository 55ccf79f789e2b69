-- Players of the rate game. Its cost doubles with each: beyond attribution.max_game_channels (16 at
-- most) the rarest channels are one player together. So are those that fewer than
-- attribution.min_player_journeys journeys touched, with the next rarest until they are enough: the rate of
-- eight journeys would take a third of all credit, and everybody else gets what is left.
with channels as (select * from {{ ref('int_attribution__shapley_additive') }}),

bits as (select * from {{ ref('int_attribution__channel_bits') }}),

ranked as (
    select
        channels.channel,
        bits.channel_bit,
        channels.credit_micro,
        channels.n_converted + channels.n_not_converted as n_journeys,
        row_number() over (
            order by
                channels.n_converted + channels.n_not_converted desc nulls last,
                channels.channel asc nulls last
        ) as channel_rank
    from channels
    inner join bits on channels.channel = bits.channel
),

gathered as (
    select
        *,
        sum(n_journeys) over (
            order by channel_rank desc nulls last rows between unbounded preceding and 1 preceding
        ) as n_rarer_journeys
    from ranked
),

-- The channels that stand alone are the most frequent ones.
counted as (
    select
        *,
        count(*) filter (
            where n_journeys >= {{ policy('attribution', 'min_player_journeys') }}
            and coalesce(n_rarer_journeys >= {{ policy('attribution', 'min_player_journeys') }}, true)
        ) over () as n_alone
    from gathered
),

placed as (
    select
        *,
        cast(power(2, least(
            channel_rank, n_alone + 1, {{ policy('attribution', 'max_game_channels') }}, {{ most_players() }}
        ) - 1) as bigint) as player_bit
    from counted
)

select
    channel,
    channel_bit,
    credit_micro,
    player_bit,
    count(*) over (partition by player_bit) > 1 as is_pooled
from placed
