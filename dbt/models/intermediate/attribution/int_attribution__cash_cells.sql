-- Attributed cash and wins per model, channel and cohort month.
with credits as (select * from {{ ref('int_attribution__credits') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }})

select
    credits.attribution_model,
    credits.channel,
    conversions.cohort_month,
    sum(credits.cash_minor) as cash_minor,
    sum(credits.credit_micro) filter (where conversions.is_won) as win_credit_micro
from credits
inner join conversions on credits.conversion_key = conversions.conversion_key
group by credits.attribution_model, credits.channel, conversions.cohort_month
