-- Cohort view, the headline: cost of the service month against what the enquiries created in it brought
-- within the horizon. FULL OUTER by construction: a channel with spend and no money stays, and so does
-- money without spend. A measure whose extract is absent is NULL with ratio_status not_computable.
with revenue_cells as (select * from {{ ref('fct_cohort_revenue') }}),

costs as (select * from {{ ref('fct_cost') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

touches as (select * from {{ ref('int_attribution__touches') }}),

routes as (select * from {{ ref('deal_route') }} where {{ in_force_now() }}),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
),

bases as (select * from {{ ref('revenue_basis') }} where {{ in_force_now() }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

cost_cells as (
    select
        channel, service_month as cohort_month,
        sum(amount_minor) as cost_minor,
        sum(case when cost_group = 'media' then amount_minor else 0 end) as media_minor,
        sum(case when cost_group = 'people' then amount_minor else 0 end) as people_minor
    from costs
    group by channel, service_month
),

enquiry_cells as (
    select
        channel, cohort_month,
        count(*) as n_leads, count(reached_mql_at) as n_mqls,
        count(reached_sql_at) as n_sqls, count(reached_account_at) as n_wins
    from enquiries
    group by channel, cohort_month
),

-- Channels whose leads leave no touch that counts: no model can credit them, whatever their leads bought.
beyond_credit as (
    select channel from enquiries
    except
    select channel from touches
    except
    select counted_channel from routes
),

places as (
    select channel, cohort_month from revenue_cells
    union
    select channel, cohort_month from cost_cells
    union
    select channel, cohort_month from enquiry_cells
),

measured as (
    select
        models.attribution_model, bases.revenue_basis, places.channel, places.cohort_month,
        {{ has_revenue_basis("bases.revenue_basis", "presence") }} as has_revenue,
        beyond_credit.channel is null as can_earn,
        case when presence.has_cost then coalesce(cost_cells.cost_minor, 0) end as cost_minor,
        case when presence.has_cost then coalesce(cost_cells.media_minor, 0) end as media_minor,
        case when presence.has_cost then coalesce(cost_cells.people_minor, 0) end as people_minor,
        coalesce(revenue_cells.revenue_minor, 0) as revenue_minor,
        coalesce(revenue_cells.horizon_minor, 0) as horizon_minor,
        coalesce(revenue_cells.n_deals, 0) as n_deals,
        coalesce(revenue_cells.spread_minor, 0) as spread_minor,
        coalesce(revenue_cells.win_credit_micro, 0) as win_credit_micro,
        coalesce(enquiry_cells.n_leads, 0) as n_leads,
        coalesce(enquiry_cells.n_mqls, 0) as n_mqls, coalesce(enquiry_cells.n_sqls, 0) as n_sqls,
        case when presence.has_wins then coalesce(enquiry_cells.n_wins, 0) end as n_wins,
        -- Counted from the end of the month: its youngest member is old enough.
        {{ seconds_between(
            "cast(places.cohort_month as timestamp) + interval '1' month", "as_of.as_of"
        ) }} >= {{ policy('channel_roi', 'maturity_days') }} * 86400 as is_mature
    from places
    cross join models
    cross join bases
    cross join presence
    cross join as_of
    left join revenue_cells
        on
            models.attribution_model = revenue_cells.attribution_model
            and bases.revenue_basis = revenue_cells.revenue_basis
            and places.channel = revenue_cells.channel
            and places.cohort_month = revenue_cells.cohort_month
    left join beyond_credit on places.channel = beyond_credit.channel
    left join cost_cells on places.channel = cost_cells.channel and places.cohort_month = cost_cells.cohort_month
    left join enquiry_cells
        on places.channel = enquiry_cells.channel and places.cohort_month = enquiry_cells.cohort_month
),

judged as (
    select
        *,
        {{ roi_status(
            "has_revenue", "cost_minor", "is_mature", "horizon_minor", "n_leads",
            policy('channel_roi', 'small_n_leads'), "can_earn"
        ) }} as ratio_status
    from measured
)

select
    {{ surrogate_key(["attribution_model", "revenue_basis", "channel", "cohort_month"]) }} as channel_roi_key,
    attribution_model,
    revenue_basis,
    channel,
    cohort_month,
    '{{ var("reporting_currency") }}' as currency,
    cast(cost_minor as bigint) as cost_minor,
    cast(media_minor as bigint) as media_minor,
    cast(people_minor as bigint) as people_minor,
    case when has_revenue then cast(revenue_minor as bigint) end as revenue_minor,
    case when has_revenue then cast(horizon_minor as bigint) end as horizon_minor,
    n_deals,
    spread_minor,
    cast(win_credit_micro as bigint) as win_credit_micro,
    n_leads,
    n_mqls,
    n_sqls,
    n_wins,
    {{ ratio("horizon_minor", "cost_minor", "ratio_status = 'ok'") }} as roas,
    {{ ratio("(horizon_minor - cost_minor)", "cost_minor", "ratio_status in ('ok', 'no_cash')") }} as roi,
    {{ roi_bound("horizon_minor", "spread_minor", "cost_minor", "low") }} as roi_low,
    {{ roi_bound("horizon_minor", "spread_minor", "cost_minor", "high") }} as roi_high,
    is_mature,
    ratio_status
from judged
