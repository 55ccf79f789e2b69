-- A row is a channel, month and group of cost whose shares, those that no lead bears included, do not add up to
-- the cost to the cent (H07, A10, law 5).
{{ config(meta={'dagster': {'ref': {'name': 'fct_lead_cost'}}}) }}
with costs as (
    select channel, service_month as cost_month, cost_group, sum(amount_minor) as cost_minor
    from {{ ref('fct_cost') }}
    group by channel, service_month, cost_group
),

shares as (
    select channel, cost_month, cost_group, sum(amount_minor) as shared_minor
    from {{ ref('fct_lead_cost') }}
    group by channel, cost_month, cost_group
)

select coalesce(costs.channel, shares.channel) as channel, costs.cost_minor, shares.shared_minor
from costs
full outer join shares
    on
        costs.channel = shares.channel
        and costs.cost_month = shares.cost_month
        and costs.cost_group = shares.cost_group
where costs.cost_minor is distinct from shares.shared_minor
