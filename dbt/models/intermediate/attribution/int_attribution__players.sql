-- Players of the rate game. Its cost doubles with each: beyond attribution.max_game_channels (16 at
-- most) the rarest channels are one player together.
with channels as (select * from {{ ref('int_attribution__shapley_additive') }}),

bits as (select * from {{ ref('int_attribution__channel_bits') }}),

ranked as (
    select
        channels.channel,
        bits.channel_bit,
        channels.credit_micro,
        row_number() over (
            order by
                channels.n_converted + channels.n_not_converted desc nulls last,
                channels.channel asc nulls last
        ) as channel_rank
    from channels
    inner join bits on channels.channel = bits.channel
)

select
    channel,
    channel_bit,
    credit_micro,
    cast(power(2, least(
        channel_rank, {{ policy('attribution', 'max_game_channels') }}, {{ most_players() }}
    ) - 1) as bigint) as player_bit
from ranked
