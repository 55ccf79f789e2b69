-- Journey x touch in order, with the places of its milestones: the last touch up to the creation of
-- the lead and of the opportunity, else the first. Other models need no second sort. A conversion
-- without any touch is one row of channel (unattributed).
with windows as (select * from {{ ref('int_attribution__windows') }}),

touches as (select * from {{ ref('int_attribution__touches') }}),

-- Nobody else needs a row without a touch: it has no place in a chain, nor among sets of channels.
journeys as (
    select
        windows.journey_key,
        windows.conversion_key,
        windows.outcome,
        touches.touchpoint_key,
        coalesce(touches.channel, '(unattributed)') as channel,
        touches.touched_at,
        case when touches.touched_at <= windows.lead_created_at then 1 end as is_by_lead,
        case when touches.touched_at <= windows.opportunity_created_at then 1 end as is_by_opportunity
    from windows
    left join touches on windows.journey_key = touches.journey_key
    where windows.conversion_key is not null or touches.journey_key is not null
)

select
    journey_key,
    conversion_key,
    outcome,
    touchpoint_key,
    channel,
    touched_at,
    row_number() over so_far as touch_position,
    count(*) over whole as n_touches,
    greatest(1, count(is_by_lead) over whole) as lead_position,
    greatest(1, count(is_by_opportunity) over whole) as opportunity_position,
    max(touched_at) over whole as last_touched_at,
    lead(channel) over so_far as next_channel
from journeys
window
    so_far as (
        partition by journey_key order by touched_at asc nulls last, touchpoint_key asc nulls last
    ),
    whole as (
        partition by journey_key order by touched_at asc nulls last, touchpoint_key asc nulls last
        rows between unbounded preceding and unbounded following
    )
