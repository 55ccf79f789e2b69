-- A row is a model whose cost, cash or enquiries in mart_channel_roi are not those of the facts.
{{ config(meta={'dagster': {'ref': {'name': 'mart_channel_roi'}}}) }}
with roi as (
    select
        attribution_model,
        sum(cost_minor) as cost_minor,
        sum(cash_minor) as cash_minor,
        sum(n_leads) as n_leads,
        sum(n_wins) as n_wins
    from {{ ref('mart_channel_roi') }}
    group by attribution_model
),

facts as (
    select
        (select sum(amount_minor) from {{ ref('fct_cost') }}) as cost_minor,
        (select sum(amount_minor) from {{ ref('fct_cash') }}) as cash_minor,
        (select count(*) from {{ ref('int_funnel__enquiries') }}) as n_leads,
        (select count(reached_account_at) from {{ ref('int_funnel__enquiries') }}) as n_wins
)

select roi.attribution_model
from roi
cross join facts
where
    -- A total that is not computable is NULL, and its fact is empty.
    coalesce(roi.cost_minor, 0) <> coalesce(facts.cost_minor, 0)
    or coalesce(roi.cash_minor, 0) <> coalesce(facts.cash_minor, 0)
    or roi.n_leads <> facts.n_leads
    or roi.n_wins <> facts.n_wins
