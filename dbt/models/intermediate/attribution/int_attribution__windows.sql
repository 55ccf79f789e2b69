-- The time whose touches count for a journey. With reset_after_conversion a deal that was begun after
-- an earlier one of the same account was won starts afresh; deals that ran side by side do not. The
-- window is open at its start and closed at its end. Touches are sorted and joined by the number of
-- their journey, which costs a third less than by its key. It is a hash, so groups by it are drawn by
-- lot and the same in every build.
with outcomes as (select * from {{ ref('int_attribution__outcomes') }} where outcome <> 'open'),

accounts_conversions as (
    select account_key, ended_at
    from outcomes
    where
        outcome = 'converted' and account_key is not null
        and {{ policy('attribution', 'reset_after_conversion') }} = 1
),

-- An enquiry has no deal: it began when it came in.
begun as (
    select
        *,
        {{ key_number("journey_key") }} as journey_number,
        coalesce(opportunity_created_at, lead_created_at, ended_at) as began_at
    from outcomes
),

earlier as (
    select begun.journey_key, max(accounts_conversions.ended_at) as previous_conversion_at
    from begun
    inner join accounts_conversions
        on
            begun.account_key = accounts_conversions.account_key
            and begun.began_at >= accounts_conversions.ended_at
            and begun.ended_at > accounts_conversions.ended_at
    group by begun.journey_key
)

select
    begun.journey_key,
    begun.journey_number,
    {{ journey_group("begun.journey_number") }} as journey_group,
    begun.conversion_key,
    begun.opportunity_key,
    begun.lead_key,
    begun.account_key,
    begun.outcome,
    begun.lead_created_at,
    begun.opportunity_created_at,
    begun.began_at,
    greatest(
        begun.ended_at - interval '1' day * {{ policy('attribution', 'lookback_days') }},
        earlier.previous_conversion_at
    ) as counts_after,
    begun.ended_at
from begun
left join earlier on begun.journey_key = earlier.journey_key
