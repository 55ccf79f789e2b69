-- A row is a currency and day with amounts that no exchange rate converts, or a cost without a day.
-- Remedy: add the rate to seeds/reference/fx_rate.csv, or correct the row at its source.
{{ config(meta={'dagster': {'ref': {'name': 'int_cost__lines'}}}) }}
with amounts as (
    select 'cost' as what, currency, service_from as amount_date, amount_minor
    from {{ ref('int_cost__lines') }}
    union all
    select 'receipt' as what, currency, received_date as amount_date, amount_minor
    from {{ ref('int_cash__receipts') }}
    union all
    -- A contract may leave its value open, an invoice its day.
    select 'contract' as what, currency, {{ business_date("signed_at") }} as amount_date, contract_minor as amount_minor
    from {{ ref('int_cash__contracts') }}
    where original_minor is not null
    union all
    select
        'invoice' as what, currency, {{ business_date("coalesce(issued_at, first_known_at)") }} as amount_date,
        invoiced_minor as amount_minor
    from {{ ref('int_cash__invoices') }}
    where original_minor is not null
)

select
    what,
    currency,
    amount_date,
    count(*) as n_amounts
from amounts
where amount_minor is null or amount_date is null
group by what, currency, amount_date
