with credits as (select * from {{ ref('int_attribution__credits') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }})

select
    {{ surrogate_key(["credits.conversion_key", "credits.attribution_model", "credits.touch_position"]) }}
        as attribution_key,
    credits.conversion_key,
    conversions.opportunity_key,
    conversions.lead_key,
    credits.attribution_model,
    cast(credits.touch_position as integer) as touch_position,
    cast(credits.n_touches as integer) as n_touches,
    credits.touchpoint_key,
    credits.channel,
    credits.touched_at,
    conversions.converted_at,
    conversions.cohort_month,
    conversions.is_won,
    cast(credits.credit_micro as bigint) as credit_micro,
    cast(credits.cash_minor as bigint) as cash_minor
from credits
inner join conversions on credits.conversion_key = conversions.conversion_key
