-- Journey x touch in order, with all that the order tells: places of the milestones (the last touch up
-- to the creation of the lead and of the opportunity, else the first), the last touch not passed over,
-- sums of decay so far. Nobody else sorts touches. What holds for a whole journey is summed up before
-- the sort, which costs a tenth of a window over it.
with windows as (select * from {{ ref('int_attribution__windows') }}),

touches as (select * from {{ ref('int_attribution__touches') }}),

channels as (select * from {{ ref('channel') }} where {{ in_force_now() }}),

models as (select * from {{ ref('attribution_model') }} where is_enabled and {{ in_force_now() }}),

rules as (
    select
        max(half_life_days) filter (where attribution_model = 'time_decay') as half_life_days,
        max(passed_over_family) filter (where attribution_model = 'last_non_direct') as passed_over_family
    from models
),

kept_channels as (
    select channels.channel, 1 as is_kept
    from channels
    inner join rules on channels.channel_family is distinct from rules.passed_over_family
),

-- Nobody needs a journey without a touch that did not convert: it has no place in a chain, nor among
-- sets of channels.
wholes as (
    select
        windows.journey_number,
        max(windows.conversion_key) is not null as is_converted,
        greatest(1, count(touches.journey_number)) as n_touches,
        greatest(1, count(*) filter (where touches.touched_at <= windows.lead_created_at)) as lead_position,
        greatest(1, count(*) filter (where touches.touched_at <= windows.opportunity_created_at))
            as opportunity_position,
        max(touches.touched_at) as last_touched_at
    from windows
    left join touches on windows.journey_number = touches.journey_number
    group by windows.journey_number
    having count(touches.journey_number) > 0 or max(windows.conversion_key) is not null
),

-- Weights of time decay are whole numbers up to 2^32, so that sums of them are exact in any order.
weighed as (
    select
        wholes.*,
        touches.touch_number,
        coalesce(touches.channel, '(unattributed)') as channel,
        touches.touched_at,
        kept_channels.is_kept,
        coalesce(floor(power(
            2.0,
            32 - {{ seconds_between("touches.touched_at", "wholes.last_touched_at") }}
            / (86400.0 * rules.half_life_days)
        )), 1) as decay_weight
    from wholes
    cross join rules
    left join touches on wholes.journey_number = touches.journey_number
    left join kept_channels on touches.channel = kept_channels.channel
),

ordered as (
    select
        *,
        row_number() over so_far as touch_position,
        count(is_kept) over so_far as n_kept_so_far,
        count(is_kept) over whole as n_kept,
        sum(decay_weight) over so_far as time_decay_part,
        sum(decay_weight) over whole as time_decay_whole,
        lead(channel) over so_far as next_channel
    from weighed
    window
        so_far as (
            partition by journey_number order by touched_at asc nulls last, touch_number asc nulls last
            rows between unbounded preceding and current row
        ),
        -- Without an order: over an ordered whole everything is added up once per row.
        whole as (partition by journey_number)
)

select
    journey_number, is_converted, touch_position, n_touches, touch_number, channel, next_channel, touched_at,
    lead_position, opportunity_position,
    case
        when n_kept = 0 then touch_position = n_touches
        else coalesce(is_kept = 1 and n_kept_so_far = n_kept, false)
    end as is_last_kept,
    time_decay_part,
    time_decay_part - decay_weight as time_decay_before,
    time_decay_whole
from ordered
