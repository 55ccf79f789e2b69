-- A row is a measure whose cells do not add up to what the mart they are taken from shows (D13).
{{ config(meta={'dagster': {'ref': {'name': 'mart_published_cell'}}}) }}
with cells as (
    select measure, sum(cell_value) as cell_total
    from {{ ref('mart_published_cell') }}
    group by measure
    having count(cell_value) > 0
),

measures as (select * from {{ ref('restatement_measure') }} where {{ in_force_now() }}),

totals as (
    select 'leads_gross' as measure, count(*) as mart_total from {{ ref('dim_lead') }}
    union all
    select 'leads_net', count(*) from {{ ref('dim_lead') }} where cleaning_outcome = 'net'
    union all
    select measures.measure, count(*)
    from {{ ref('fct_lead_stage_interval') }} as stays
    inner join {{ ref('dim_lead') }} as leads on stays.lead_key = leads.lead_key and leads.cleaning_outcome = 'net'
    inner join measures on stays.stage = measures.stage
    group by measures.measure
    union all
    select 'cost', sum(amount_minor) from {{ ref('fct_cost') }}
    union all
    select measures.measure, sum(receipts.amount_minor)
    from {{ ref('fct_cash') }} as receipts
    cross join measures
    where measures.measure in ('cash', 'credited_cash')
    group by measures.measure
    union all
    select measures.measure, sum(cohorts.horizon_minor)
    from {{ ref('fct_cohort_revenue') }} as cohorts
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
