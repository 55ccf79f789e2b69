-- A row is a model and basis whose cost, revenue or enquiries in mart_channel_roi are not those of the
-- facts (A10, L04, law 5).
{{ config(meta={'dagster': {'ref': {'name': 'mart_channel_roi'}}}) }}
with roi as (
    select
        attribution_model,
        revenue_basis,
        sum(cost_minor) as cost_minor,
        sum(revenue_minor) as revenue_minor,
        sum(n_leads) as n_leads,
        sum(n_wins) as n_wins
    from {{ ref('mart_channel_roi') }}
    group by attribution_model, revenue_basis
),

revenue as (
    select revenue_basis, sum(amount_minor) as revenue_minor
    from {{ ref('int_cash__documents') }}
    group by revenue_basis
),

presence as (select * from {{ ref('int_attribution__computable') }}),

facts as (
    select
        (select sum(amount_minor) from {{ ref('fct_cost') }}) as cost_minor,
        (select count(*) from {{ ref('int_funnel__enquiries') }}) as n_leads,
        (select count(reached_account_at) from {{ ref('int_funnel__enquiries') }}) as n_wins
)

select
    roi.attribution_model,
    roi.revenue_basis
from roi
cross join facts
cross join presence
left join revenue on roi.revenue_basis = revenue.revenue_basis
where
    -- A total that is not computable is NULL.
    roi.cost_minor is distinct from case when presence.has_cost then coalesce(facts.cost_minor, 0) end
    or coalesce(roi.revenue_minor, 0) <> coalesce(revenue.revenue_minor, 0)
    or roi.n_leads <> facts.n_leads
    or coalesce(roi.n_wins, 0) <> facts.n_wins
