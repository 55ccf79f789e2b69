-- A row is an attribution model whose credit of channels does not add up to the conversions, or whose
-- cash to the cash received, to the cent (law 5).
{{ config(meta={'dagster': {'ref': {'name': 'mart_attribution_channel'}}}) }}
with cells as (select * from {{ ref('mart_attribution_channel') }}),

models as (select attribution_model from {{ ref('attribution_model') }} where is_enabled and {{ in_force_now() }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

sizes as (select count(*) as n_conversions, coalesce(sum(cash_minor), 0) as cash_minor from conversions),

credited as (
    select attribution_model, sum(credit_micro) as credit_micro, sum(cash_minor) as cash_minor
    from cells
    group by attribution_model
)

select models.attribution_model
from models
cross join sizes
left join credited on models.attribution_model = credited.attribution_model
where
    sizes.n_conversions > 0
    and (
        credited.credit_micro is distinct from sizes.n_conversions * 1000000
        or credited.cash_minor is distinct from sizes.cash_minor
    )
