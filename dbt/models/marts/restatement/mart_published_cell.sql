-- The figures that a closed month is held to, cell by cell, as their marts show them. What a later
-- publication changes in a closed cell is a restatement (dagster_project/lib/restatement).
with volumes as (
    select * from {{ ref('mart_lead_volume') }} where period_kind = 'month' and dimension_kind = 'channel'
),

days as (select * from {{ ref('mart_funnel_daily') }}),

costs as (select * from {{ ref('fct_cost') }}),

receipts as (select * from {{ ref('fct_cash') }}),

leads as (select * from {{ ref('dim_lead') }}),

credits as (select * from {{ ref('fct_revenue_credit') }}),

cohorts as (select * from {{ ref('mart_channel_roi') }}),

measures as (select * from {{ ref('int_restatement__measures') }}),

amounts as (
    select 'leads_gross' as measure, period_start as on_day, dimension_value as channel, n_gross as amount
    from volumes
    union all
    select 'leads_net' as measure, period_start as on_day, dimension_value as channel, n_net as amount
    from volumes
    union all
    select measures.measure, days.date_day as on_day, days.channel, days.inflow as amount
    from days
    inner join measures on days.stage = measures.stage
    union all
    select 'cost' as measure, service_month as on_day, channel, amount_minor as amount
    from costs
    union all
    select 'cash' as measure, receipts.received_date as on_day, leads.channel, receipts.amount_minor as amount
    from receipts
    left join leads on receipts.lead_key = leads.lead_key
    union all
    select measures.measure, credits.document_date as on_day, credits.channel, credits.amount_minor as amount
    from credits
    inner join measures
        on
            credits.attribution_model = measures.attribution_model
            and credits.revenue_basis = measures.revenue_basis
            and measures.cell_source = 'credit'
    union all
    select measures.measure, cohorts.cohort_month as on_day, cohorts.channel, cohorts.horizon_minor as amount
    from cohorts
    inner join measures
        on
            cohorts.attribution_model = measures.attribution_model
            and cohorts.revenue_basis = measures.revenue_basis
            and measures.cell_source = 'cohort'
),

sums as (
    select
        measure,
        cast(date_trunc('month', on_day) as date) as business_month,
        coalesce(channel, '(unattributed)') as channel,
        sum(amount) as amount
    from amounts
    group by measure, cast(date_trunc('month', on_day) as date), coalesce(channel, '(unattributed)')
),

months as (select distinct business_month from sums),

channels as (select distinct channel from sums)

-- A cell without anything in it was published as 0.
select
    {{ surrogate_key(["measures.measure", "months.business_month", "channels.channel"]) }} as published_cell_key,
    measures.measure,
    months.business_month,
    channels.channel,
    case when measures.is_known then cast(coalesce(sums.amount, 0) as bigint) end as cell_value,
    measures.unit_kind,
    case when measures.unit_kind = 'money' then '{{ var("reporting_currency") }}' end as currency,
    {{ closing_day("months.business_month", "measures.closing_lag_days") }} as closes_on,
    {{ closing_day("months.business_month", "measures.closing_lag_days") }} <= measures.today as is_closed
from measures
cross join months
cross join channels
left join sums
    on
        measures.measure = sums.measure
        and months.business_month = sums.business_month
        and channels.channel = sums.channel
