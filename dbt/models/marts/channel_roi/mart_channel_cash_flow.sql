-- Money out and money in by calendar month: a cash flow, not an ROI. What comes in now was mostly paid for
-- long ago, so the ratio of a month flatters channels that are being switched off.
with credits as (select * from {{ ref('fct_revenue_credit') }}),

costs as (select * from {{ ref('fct_cost') }}),

bases as (select * from {{ ref('revenue_basis') }} where {{ in_force_now() }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

models as (select distinct attribution_model from {{ ref('mart_channel_roi') }}),

cost_cells as (
    select channel, service_month as flow_month, sum(amount_minor) as cost_minor
    from costs
    group by channel, service_month
),

revenue_cells as (
    select
        attribution_model,
        revenue_basis,
        channel,
        cast(date_trunc('month', document_date) as date) as flow_month,
        sum(amount_minor) as revenue_minor
    from credits
    group by attribution_model, revenue_basis, channel, cast(date_trunc('month', document_date) as date)
),

places as (
    select channel, flow_month from cost_cells
    union
    select channel, flow_month from revenue_cells
)

select
    {{ surrogate_key(["models.attribution_model", "bases.revenue_basis", "places.channel", "places.flow_month"]) }}
        as cash_flow_key,
    models.attribution_model,
    bases.revenue_basis,
    places.channel,
    places.flow_month,
    '{{ var("reporting_currency") }}' as currency,
    case when presence.has_cost then cast(coalesce(cost_cells.cost_minor, 0) as bigint) end as cost_minor,
    case
        when {{ has_revenue_basis("bases.revenue_basis", "presence") }}
            then cast(coalesce(revenue_cells.revenue_minor, 0) as bigint)
    end as revenue_minor,
    case
        when presence.has_cost and {{ has_revenue_basis("bases.revenue_basis", "presence") }}
            then cast(coalesce(revenue_cells.revenue_minor, 0) - coalesce(cost_cells.cost_minor, 0) as bigint)
    end as net_flow_minor
from places
cross join models
cross join bases
cross join presence
left join cost_cells on places.channel = cost_cells.channel and places.flow_month = cost_cells.flow_month
left join revenue_cells
    on
        models.attribution_model = revenue_cells.attribution_model
        and bases.revenue_basis = revenue_cells.revenue_basis
        and places.channel = revenue_cells.channel
        and places.flow_month = revenue_cells.flow_month
