-- Credit of each channel over all conversions, per model that credits touches; with the sum of squares
-- over conversions, which the interval of its share needs.
with credits as (select * from {{ ref('int_attribution__credits') }}),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
),

per_conversion as (
    select
        {% for model in touch_models() -%}
        sum({{ model }}_minor) as {{ model }}_minor,
        cast(sum({{ model }}_micro) as bigint) as {{ model }}_micro,
        {% endfor -%}
        conversion_key,
        channel
    from credits
    group by conversion_key, channel
),

wide as (
    select
        {% for model in touch_models() -%}
        sum({{ model }}_minor) as {{ model }}_minor,
        sum({{ model }}_micro) as {{ model }}_micro,
        sum({{ model }}_micro * {{ model }}_micro) as {{ model }}_squares,
        {% endfor -%}
        channel,
        count(*) as n_conversions
    from per_conversion
    group by channel
)

select
    models.attribution_model,
    wide.channel,
    wide.n_conversions,
    {{ of_model("models.attribution_model", "micro") }} as credit_micro,
    {{ of_model("models.attribution_model", "minor") }} as cash_minor,
    {{ of_model("models.attribution_model", "squares") }} as credit_squares
from wide
cross join models
