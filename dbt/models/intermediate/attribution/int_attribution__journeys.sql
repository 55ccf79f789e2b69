-- Conversion x touch in order. A fallback touch (the bare creation of the lead) counts only when
-- nothing better is known; a conversion without any touch is one row of channel (unattributed).
with conversions as (select * from {{ ref('int_attribution__conversions') }}),

persons as (select * from {{ ref('int_attribution__conversion_persons') }}),

touchpoints as (
    select * from {{ ref('int_touchpoints__unified') }}
    where touch_use in ('attributable', 'fallback') and channel <> 'unknown'
),

in_window as (
    select
        conversions.conversion_key,
        touchpoints.touchpoint_key,
        touchpoints.channel,
        touchpoints.occurred_at,
        touchpoints.touch_use
    from conversions
    inner join persons on conversions.conversion_key = persons.conversion_key
    inner join touchpoints on persons.person_key = touchpoints.person_key
    where
        touchpoints.occurred_at <= conversions.converted_at
        and {{ seconds_between("touchpoints.occurred_at", "conversions.converted_at") }}
        <= {{ policy('attribution', 'lookback_days') }} * 86400
),

kept as (
    select *
    from in_window
    qualify
        touch_use = 'attributable'
        or sum(case when touch_use = 'attributable' then 1 else 0 end) over (
            partition by conversion_key
        ) = 0
)

select
    conversions.conversion_key,
    kept.touchpoint_key,
    coalesce(kept.channel, '(unattributed)') as channel,
    kept.occurred_at as touched_at,
    row_number() over (
        partition by conversions.conversion_key
        order by kept.occurred_at asc nulls last, kept.touchpoint_key asc nulls last
    ) as touch_position,
    count(*) over (partition by conversions.conversion_key) as n_touches
from conversions
left join kept on conversions.conversion_key = kept.conversion_key
