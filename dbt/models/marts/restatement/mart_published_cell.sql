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

presence as (
    select *, (select count(*) > 0 from {{ ref('dim_lead') }}) as has_leads from {{ ref('int_attribution__computable') }}
),

as_of as (select {{ business_date("as_of") }} as today from {{ ref('int_time__as_of') }}),

measures as (select * from {{ ref('restatement_measure') }} where {{ in_force_now() }}),

amounts as (
    select 'leads_gross' as measure, period_start as business_month, dimension_value as channel, n_gross as amount
    from volumes
    union all
    select 'leads_net', period_start, dimension_value, n_net from volumes
    union all
    select measures.measure, cast(date_trunc('month', days.date_day) as date), days.channel, days.inflow
    from days
    inner join measures on days.stage = measures.stage
    union all
    select 'cost', service_month, channel, amount_minor from costs
    union all
    select 'cash', cast(date_trunc('month', receipts.received_date) as date), leads.channel, receipts.amount_minor
    from receipts
    left join leads on receipts.lead_key = leads.lead_key
    union all
    select measures.measure, cast(date_trunc('month', credits.document_date) as date), credits.channel, credits.amount_minor
    from credits
    inner join measures
        on
            credits.attribution_model = measures.attribution_model
            and credits.revenue_basis = measures.revenue_basis
            and measures.cell_source = 'credit'
    union all
    select measures.measure, cohorts.cohort_month, cohorts.channel, cohorts.horizon_minor
    from cohorts
    inner join measures
        on
            cohorts.attribution_model = measures.attribution_model
            and cohorts.revenue_basis = measures.revenue_basis
            and measures.cell_source = 'cohort'
),

sums as (
    select measure, business_month, coalesce(channel, '(unattributed)') as channel, sum(amount) as cell_value
    from amounts
    group by measure, business_month, coalesce(channel, '(unattributed)')
),

-- A cell without anything in it was published as 0.
places as (
    select months.business_month, channels.channel
    from (select distinct business_month from sums) as months
    cross join (select distinct channel from sums) as channels
),

cells as (
    select
        measures.*,
        places.business_month,
        places.channel,
        sums.cell_value,
        as_of.today,
        cast({{ dbt.last_day("places.business_month", "month") }} + interval '1' day * measures.closing_lag_days as date)
            as closes_on
    from places
    cross join measures
    cross join as_of
    left join sums
        on
            measures.measure = sums.measure
            and places.business_month = sums.business_month
            and places.channel = sums.channel
)

select
    {{ surrogate_key(["cells.measure", "cells.business_month", "cells.channel"]) }} as published_cell_key,
    cells.measure,
    cells.business_month,
    cells.channel,
    case
        when case cells.needs
                when 'leads' then presence.has_leads
                when 'wins' then presence.has_leads and presence.has_wins
                when 'cost' then presence.has_cost
                when 'cash' then presence.has_cash
            end
            then cast(coalesce(cells.cell_value, 0) as bigint)
    end as cell_value,
    cells.unit_kind,
    case when cells.unit_kind = 'money' then '{{ var("reporting_currency") }}' end as currency,
    cells.closes_on,
    cells.closes_on <= cells.today as is_closed
from cells
cross join presence
