with receipts as (select * from {{ ref('int_cash__receipts') }}),

-- An opportunity may name a lead that no extract delivered.
leads as (select * from {{ ref('bridge_opportunity_lead') }})

select
    receipts.payment_key,
    receipts.source_system,
    receipts.payment_id,
    receipts.contract_id,
    receipts.opportunity_key,
    leads.lead_key,
    receipts.conversion_key,
    receipts.received_at,
    receipts.received_date,
    receipts.amount,
    receipts.currency as original_currency,
    receipts.fx_rate,
    '{{ var("reporting_currency") }}' as currency,
    receipts.amount_minor,
    receipts.is_refund,
    receipts.first_known_at
from receipts
left join leads on receipts.opportunity_key = leads.opportunity_key
