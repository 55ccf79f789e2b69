-- A row is a document and model whose credit is not the document, or a deal, model and channel whose cash
-- is not that of fct_attribution, to the cent (L04, A16, law 5).
{{ config(meta={'dagster': {'ref': {'name': 'fct_revenue_credit'}}}) }}
with credits as (select * from {{ ref('fct_revenue_credit') }}),

documents as (select * from {{ ref('int_cash__documents') }}),

attribution as (select * from {{ ref('fct_attribution') }}),

credited as (
    select revenue_basis, document_key, attribution_model, sum(amount_minor) as credited_minor
    from credits
    group by revenue_basis, document_key, attribution_model
),

touches as (
    select conversion_key, attribution_model, channel, sum(cash_minor) as difference_minor
    from attribution
    group by conversion_key, attribution_model, channel
    union all
    select conversion_key, attribution_model, touch_channel as channel, -sum(amount_minor) as difference_minor
    from credits
    where revenue_basis = 'cash'
    group by conversion_key, attribution_model, touch_channel
)

select documents.document_key as key_of_row
from documents
left join credited
    on documents.revenue_basis = credited.revenue_basis and documents.document_key = credited.document_key
where credited.credited_minor is distinct from documents.amount_minor
union all
select conversion_key as key_of_row
from touches
group by conversion_key, attribution_model, channel
having sum(difference_minor) <> 0
