-- Journey x touch inside its window, in no order yet. A fallback touch (the bare creation of the lead)
-- counts only when nothing better is known.
with windows as (select * from {{ ref('int_attribution__windows') }}),

parties as (select * from {{ ref('int_attribution__parties') }}),

identities as (select * from {{ ref('int_attribution__identity_periods') }}),

touchpoints as (
    select * from {{ ref('int_touchpoints__unified') }}
    where touch_use in ('attributable', 'fallback') and channel <> 'unknown'
),

-- Anonymous browsers included: they are records of the person since somebody gave a name in them.
party_records as (
    select distinct parties.journey_key, identities.record_key
    from parties
    inner join identities
        on
            parties.person_key = identities.person_key
            and parties.ended_at > identities.converted_after
            and parties.ended_at <= identities.converted_until
),

in_window as (
    select
        windows.journey_key,
        touchpoints.touchpoint_key,
        touchpoints.channel,
        touchpoints.occurred_at as touched_at,
        touchpoints.touch_use
    from windows
    inner join party_records on windows.journey_key = party_records.journey_key
    inner join touchpoints
        on
            party_records.record_key = touchpoints.record_key
            and windows.ended_at >= touchpoints.occurred_at
            and windows.lookback_from <= touchpoints.occurred_at
            and coalesce(windows.previous_conversion_at, timestamp '0001-01-01 00:00:00')
            < touchpoints.occurred_at
)

select journey_key, touchpoint_key, channel, touched_at
from in_window
qualify
    touch_use = 'attributable'
    or sum(case when touch_use = 'attributable' then 1 else 0 end) over (partition by journey_key) = 0
