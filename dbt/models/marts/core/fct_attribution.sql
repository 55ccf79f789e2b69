with credits as (select * from {{ ref('int_attribution__credits') }}),

touches as (select * from {{ ref('int_attribution__touches') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
)

select
    {{ surrogate_key(["credits.conversion_key", "models.attribution_model", "credits.touch_position"]) }}
        as attribution_key,
    credits.conversion_key,
    conversions.opportunity_key,
    conversions.lead_key,
    models.attribution_model,
    cast(credits.touch_position as integer) as touch_position,
    cast(credits.n_touches as integer) as n_touches,
    touches.touchpoint_key,
    credits.channel,
    credits.touched_at,
    conversions.converted_at,
    conversions.cohort_month,
    conversions.is_won,
    cast({{ of_model("models.attribution_model", "micro") }} as bigint) as credit_micro,
    cast({{ of_model("models.attribution_model", "minor") }} as bigint) as cash_minor
from credits
cross join models
inner join conversions on credits.conversion_key = conversions.conversion_key
left join touches on credits.journey_number = touches.journey_number and credits.touch_number = touches.touch_number
