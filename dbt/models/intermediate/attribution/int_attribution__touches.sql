-- Journey x touch inside its window, in no order yet. A fallback touch (the bare creation of the lead)
-- counts only when nothing better is known. Whoever puts touches in order carries their numbers along,
-- which are in the order of the keys.
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
)

select
    journey_number,
    touchpoint_key,
    {{ key_number("touchpoint_key") }} as touch_number,
    channel,
    touched_at
from in_window
qualify
    touch_use = 'attributable'
    or sum(case when touch_use = 'attributable' then 1 else 0 end) over (partition by journey_number) = 0
