-- One row per receipt or refund with the deal it pays for: payment -> invoice -> contract ->
-- opportunity. What cannot be traced stays as a deal of its own; no cash is lost.
with deliveries as (select * from {{ ref('stg_finance__payments') }}),

payments as (
    {{ latest_version('deliveries', ['_source_system', 'payment_id']) }}
),

invoices as (
    {{ latest_version(ref('stg_finance__invoices'), ['_source_system', 'invoice_id']) }}
),

contracts as (
    {{ latest_version(ref('stg_finance__contracts'), ['_source_system', 'contract_id']) }}
),

opportunities as (select * from {{ ref('int_crm__opportunities') }}),

-- Finance and CRM are mostly different systems: then the id alone decides, where it is unambiguous.
unambiguous as (
    select opportunity_id, max(opportunity_key) as opportunity_key
    from opportunities
    group by opportunity_id
    having count(*) = 1
),

deals as (
    select
        contracts._source_system as source_system,
        contracts.contract_id,
        coalesce(opportunities.opportunity_key, unambiguous.opportunity_key) as opportunity_key
    from contracts
    left join opportunities
        on
            contracts._source_system = opportunities.source_system
            and contracts.opportunity_id = opportunities.opportunity_id
    left join unambiguous on contracts.opportunity_id = unambiguous.opportunity_id
),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
),

traced as (
    select
        {{ surrogate_key(["payments._source_system", "payments.payment_id"]) }} as payment_key,
        payments._source_system as source_system,
        payments.payment_id,
        coalesce(payments.contract_id, invoices.contract_id) as contract_id,
        payments.received_at,
        {{ business_date("payments.received_at") }} as received_date,
        payments.amount,
        upper(payments.currency) as currency,
        payments.first_known_at
    from payments
    left join invoices
        on
            payments._source_system = invoices._source_system
            and payments.invoice_id = invoices.invoice_id
    where not payments._is_deleted
)

select
    traced.payment_key,
    traced.source_system,
    traced.payment_id,
    traced.contract_id,
    deals.opportunity_key,
    coalesce(
        deals.opportunity_key,
        case
            when traced.contract_id is not null
                then {{ surrogate_key(["'contract'", "traced.source_system", "traced.contract_id"]) }}
        end,
        {{ surrogate_key(["'payment'", "traced.payment_key"]) }}
    ) as conversion_key,
    traced.received_at,
    traced.received_date,
    traced.amount,
    traced.currency,
    {{ fx_rate("traced.currency", "rates.rate") }} as fx_rate,
    {{ converted_minor("traced.amount", "traced.currency", "rates.rate") }} as amount_minor,
    traced.amount < 0 as is_refund,
    traced.first_known_at
from traced
left join deals
    on traced.source_system = deals.source_system and traced.contract_id = deals.contract_id
left join rates
    on traced.currency = rates.from_currency and {{ in_force('rates', 'traced.received_date') }}
