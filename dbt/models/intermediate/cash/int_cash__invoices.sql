-- Invoices, newest version, with their contract and whether they count as billed.
with deliveries as (select * from {{ ref('stg_finance__invoices') }}),

invoices as (
    {{ latest_version('deliveries', ['_source_system', 'invoice_id']) }}
),

statuses as (select * from {{ ref('invoice_status') }} where {{ in_force_now() }}),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
)

select
    {{ surrogate_key(["invoices._source_system", "invoices.invoice_id"]) }} as invoice_key,
    invoices._source_system as source_system,
    invoices.invoice_id,
    invoices.contract_id,
    invoices.issued_at,
    upper(invoices.currency) as currency,
    {{ money_minor("invoices.amount") }} as original_minor,
    {{ converted_minor("invoices.amount", "upper(invoices.currency)", "rates.rate") }} as invoiced_minor,
    coalesce(said.is_counted, others.is_counted, true) and not invoices._is_deleted as is_counted,
    invoices.first_known_at
from invoices
left join statuses as said on lower(invoices.status) = said.invoice_status
left join statuses as others on others.invoice_status = '*'
left join rates
    on
        upper(invoices.currency) = rates.from_currency
        and {{ in_force('rates', business_date('coalesce(invoices.issued_at, invoices.first_known_at)')) }}
