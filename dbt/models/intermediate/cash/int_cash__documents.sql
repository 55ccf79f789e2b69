-- Every document that says money is owed or came, on the three bases (X11): contracts as agreed, invoices
-- that count, receipts and refunds. Each with the deal it belongs to; what cannot be traced stays.
with contracts as (select * from {{ ref('int_cash__contracts') }}),

invoices as (select * from {{ ref('int_cash__invoices') }} where is_counted),

receipts as (select * from {{ ref('int_cash__receipts') }}),

documents as (
    select
        'contract' as revenue_basis, contract_key as document_key, source_system, contract_id, opportunity_key,
        signed_at as document_at, contract_minor as amount_minor
    from contracts
    where not is_deleted and contract_minor is not null
    union all
    select
        'invoiced' as revenue_basis, invoices.invoice_key as document_key, invoices.source_system,
        invoices.contract_id, contracts.opportunity_key,
        coalesce(invoices.issued_at, invoices.first_known_at) as document_at,
        invoices.invoiced_minor as amount_minor
    from invoices
    left join contracts
        on invoices.source_system = contracts.source_system and invoices.contract_id = contracts.contract_id
    where invoices.invoiced_minor is not null
    union all
    select
        'cash' as revenue_basis, payment_key as document_key, source_system, contract_id, opportunity_key,
        received_at as document_at, amount_minor
    from receipts
)

select
    revenue_basis,
    document_key,
    source_system,
    contract_id,
    opportunity_key,
    -- As int_cash__receipts names a deal, so that all documents of a deal meet.
    coalesce(
        opportunity_key,
        case
            when contract_id is not null then {{ surrogate_key(["'contract'", "source_system", "contract_id"]) }}
        end,
        {{ surrogate_key(["'payment'", "document_key"]) }}
    ) as conversion_key,
    document_at,
    {{ business_date("document_at") }} as document_date,
    amount_minor
from documents
