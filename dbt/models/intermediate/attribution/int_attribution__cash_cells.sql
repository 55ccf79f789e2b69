-- Attributed cash and wins per model, channel and cohort month. Summed wide, then made long: few rows.
with credits as (select * from {{ ref('int_attribution__credits') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
),

wide as (
    select
        {% for model in touch_models() -%}
        sum(credits.{{ model }}_minor) as {{ model }}_minor,
        sum(credits.{{ model }}_micro) filter (where conversions.is_won) as {{ model }}_micro,
        {% endfor -%}
        credits.channel,
        conversions.cohort_month
    from credits
    inner join conversions on credits.conversion_key = conversions.conversion_key
    group by credits.channel, conversions.cohort_month
)

select
    models.attribution_model,
    wide.channel,
    wide.cohort_month,
    {{ of_model("models.attribution_model", "minor") }} as cash_minor,
    {{ of_model("models.attribution_model", "micro") }} as win_credit_micro
from wide
cross join models
