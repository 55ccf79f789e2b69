-- One row per receipt or refund with the deal it pays for: payment -> invoice -> contract ->
-- opportunity. What cannot be traced stays as a deal of its own; no cash is lost.
with deliveries as (select * from {{ ref('stg_finance__payments') }}),

payments as (
    {{ latest_version('deliveries', ['_source_system', 'payment_id']) }}
),

invoices as (select * from {{ ref('int_cash__invoices') }}),

contracts as (select * from {{ ref('int_cash__contracts') }}),

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
            payments._source_system = invoices.source_system
            and payments.invoice_id = invoices.invoice_id
    where not payments._is_deleted
)

select
    traced.payment_key,
    traced.source_system,
    traced.payment_id,
    traced.contract_id,
    contracts.opportunity_key,
    coalesce(
        contracts.opportunity_key,
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
left join contracts
    on traced.source_system = contracts.source_system and traced.contract_id = contracts.contract_id
left join rates
    on traced.currency = rates.from_currency and {{ in_force('rates', 'traced.received_date') }}
