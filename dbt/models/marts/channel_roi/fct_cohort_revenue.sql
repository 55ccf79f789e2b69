-- What the deals of a cohort brought a channel, per basis and model: so far, and within the horizon of the
-- enquiry's creation. Deals of a partner count on its channel only.
with credits as (select * from {{ ref('fct_revenue_credit') }}),

attribution as (select * from {{ ref('fct_attribution') }}),

deal_routes as (select * from {{ ref('int_cash__deal_routes') }}),

routes as (select * from {{ ref('deal_route') }} where {{ in_force_now() }}),

bases as (select * from {{ ref('revenue_basis') }} where {{ in_force_now() }}),

deals as (
    select
        attribution_model,
        revenue_basis,
        channel,
        cohort_month,
        conversion_key,
        sum(amount_minor) as revenue_minor,
        coalesce(sum(amount_minor) filter (
            where {{ seconds_between("cohort_at", "document_at") }}
            <= {{ policy('channel_roi', 'maturity_days') }} * 86400
        ), 0) as horizon_minor,
        0 as win_credit_micro
    from credits
    group by attribution_model, revenue_basis, channel, cohort_month, conversion_key
),

wins as (
    select
        attribution.attribution_model,
        bases.revenue_basis,
        coalesce(routes.counted_channel, attribution.channel) as channel,
        attribution.cohort_month,
        sum(attribution.credit_micro) as win_credit_micro
    from attribution
    left join deal_routes on attribution.opportunity_key = deal_routes.opportunity_key
    left join routes on deal_routes.deal_route = routes.deal_route
    cross join bases
    where attribution.is_won
    group by
        attribution.attribution_model, bases.revenue_basis,
        coalesce(routes.counted_channel, attribution.channel), attribution.cohort_month
),

measured as (
    select
        attribution_model, revenue_basis, channel, cohort_month, revenue_minor, horizon_minor, win_credit_micro
    from deals
    union all
    select
        attribution_model, revenue_basis, channel, cohort_month, 0 as revenue_minor, 0 as horizon_minor,
        win_credit_micro
    from wins
)

select
    {{ surrogate_key(["attribution_model", "revenue_basis", "channel", "cohort_month"]) }} as cohort_revenue_key,
    attribution_model,
    revenue_basis,
    channel,
    cohort_month,
    '{{ var("reporting_currency") }}' as currency,
    cast(sum(revenue_minor) as bigint) as revenue_minor,
    cast(sum(horizon_minor) as bigint) as horizon_minor,
    count(*) filter (where horizon_minor <> 0) as n_deals,
    cast(sum(win_credit_micro) as bigint) as win_credit_micro,
    -- Squares of cents outgrow 64 bits, and a sum of doubles depends on its order.
    sqrt(cast(
        sum(cast(horizon_minor as decimal(19, 0)) * cast(horizon_minor as decimal(19, 0))) as double
    )) as spread_minor
from measured
group by attribution_model, revenue_basis, channel, cohort_month
