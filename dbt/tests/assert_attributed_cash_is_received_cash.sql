-- A row is a conversion and model whose credit is not one, or whose attributed cash is not the cash
-- received, to the cent (law 5).
{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution'}}}) }}
with attribution as (select * from {{ ref('fct_attribution') }}),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
),

cash as (
    select conversion_key, sum(amount_minor) as cash_minor
    from {{ ref('fct_cash') }}
    group by conversion_key
),

conversions as (
    select distinct conversion_key from attribution
    union
    select conversion_key from cash
),

credited as (
    select
        conversion_key,
        attribution_model,
        sum(credit_micro) as credit_micro,
        sum(cash_minor) as cash_minor
    from attribution
    group by conversion_key, attribution_model
)

select
    conversions.conversion_key,
    models.attribution_model
from conversions
cross join models
left join cash on conversions.conversion_key = cash.conversion_key
left join credited
    on
        conversions.conversion_key = credited.conversion_key
        and models.attribution_model = credited.attribution_model
where
    credited.credit_micro is distinct from 1000000
    or credited.cash_minor is distinct from coalesce(cash.cash_minor, 0)
