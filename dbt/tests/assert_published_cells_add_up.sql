-- A row is a measure whose cells do not add up to what the marts below them show (D13).
{{ config(meta={'dagster': {'ref': {'name': 'mart_published_cell'}}}) }}
with cells as (
    select measure, sum(cell_value) as cell_total
    from {{ ref('mart_published_cell') }}
    group by measure
    having count(cell_value) > 0
),

measures as (select * from {{ ref('int_restatement__measures') }}),

leads as (select * from {{ ref('dim_lead') }}),

stays as (select * from {{ ref('fct_lead_stage_interval') }}),

receipts as (select sum(amount_minor) as amount from {{ ref('fct_cash') }}),

cohorts as (select * from {{ ref('fct_cohort_revenue') }}),

totals as (
    select 'leads_gross' as measure, count(*) as mart_total from leads
    union all
    select 'leads_net' as measure, count(*) as mart_total from leads where cleaning_outcome = 'net'
    union all
    select measures.measure, count(*) as mart_total
    from stays
    inner join leads on stays.lead_key = leads.lead_key and leads.cleaning_outcome = 'net'
    inner join measures on stays.stage = measures.stage
    group by measures.measure
    union all
    select 'cost' as measure, sum(amount_minor) as mart_total from {{ ref('fct_cost') }}
    union all
    select 'cash' as measure, amount as mart_total from receipts
    union all
    select 'credited_cash' as measure, amount as mart_total from receipts
    union all
    select measures.measure, sum(cohorts.horizon_minor) as mart_total
    from cohorts
    inner join measures
        on
            cohorts.attribution_model = measures.attribution_model
            and cohorts.revenue_basis = measures.revenue_basis
            and measures.cell_source = 'cohort'
    group by measures.measure
)

select
    cells.measure,
    cells.cell_total,
    totals.mart_total
from cells
left join totals on cells.measure = totals.measure
where cells.cell_total <> coalesce(totals.mart_total, 0)
