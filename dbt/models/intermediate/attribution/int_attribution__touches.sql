-- Journey x touch inside its window, in no order yet. A fallback touch (the bare creation of a lead) is a
-- touch of its channel where no touch recorded up to then is one: a referral, a partner's word or a list of
-- ours leaves no other trace. The first on a channel counts; later ones are repeats of the same lead.
-- Whoever puts touches in order carries their numbers along, which are in the order of the keys.
with party_records as (select * from {{ ref('int_attribution__party_records') }}),

touchpoints as (
    select * from {{ ref('int_touchpoints__unified') }}
    where touch_use in ('attributable', 'fallback') and channel <> 'unknown'
),

in_window as (
    select
        party_records.journey_number,
        touchpoints.touchpoint_key,
        touchpoints.channel,
        touchpoints.occurred_at as touched_at,
        touchpoints.touch_use
    from party_records
    inner join touchpoints
        on
            party_records.record_key = touchpoints.record_key
            and party_records.counts_after < touchpoints.occurred_at
            and party_records.ended_at >= touchpoints.occurred_at
),

creations as (
    select * from in_window
    where touch_use = 'fallback'
    qualify
        row_number() over (
            partition by journey_number, channel order by touched_at asc nulls last, touchpoint_key asc nulls last
        ) = 1
),

-- The touch that made a lead is up to the skew of clocks after it.
recorded as (
    select distinct creations.journey_number, creations.touchpoint_key
    from creations
    inner join in_window
        on
            creations.journey_number = in_window.journey_number
            and creations.channel = in_window.channel
            and creations.touched_at
            >= in_window.touched_at - interval '1' minute * {{ policy('capture', 'clock_skew_minutes') }}
    where in_window.touch_use = 'attributable'
),

counted as (
    select * from in_window
    where touch_use = 'attributable'
    union all
    select creations.*
    from creations
    left join recorded
        on
            creations.journey_number = recorded.journey_number
            and creations.touchpoint_key = recorded.touchpoint_key
    where recorded.touchpoint_key is null
)

select
    journey_number,
    touchpoint_key,
    {{ key_number("touchpoint_key") }} as touch_number,
    channel,
    touched_at
from counted
