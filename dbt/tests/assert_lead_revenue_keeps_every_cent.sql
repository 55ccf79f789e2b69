-- A row is a basis whose revenue in mart_lead_revenue is not that of the documents, or whose enquiries are not
-- all there (L07, law 5). A lead belongs to one channel and month, so nothing may be counted twice.
{{ config(meta={'dagster': {'ref': {'name': 'mart_lead_revenue'}}}) }}
with found as (
    select revenue_basis, sum(revenue_minor) as revenue_minor, sum(n_leads) as n_leads
    from {{ ref('mart_lead_revenue') }}
    group by revenue_basis
),

documents as (
    select revenue_basis, sum(amount_minor) as revenue_minor
    from {{ ref('int_cash__documents') }}
    group by revenue_basis
),

enquiries as (select count(*) as n_leads from {{ ref('int_funnel__enquiries') }})

select found.revenue_basis
from found
cross join enquiries
left join documents on found.revenue_basis = documents.revenue_basis
where
    -- A basis that was not delivered is NULL.
    coalesce(found.revenue_minor, 0) <> coalesce(documents.revenue_minor, 0)
    or found.n_leads <> enquiries.n_leads
