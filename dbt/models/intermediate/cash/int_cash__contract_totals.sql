-- What each contract is worth, was billed and was paid, side by side. Sums stay as they are: cash
-- above what was billed is shown, not clamped.
with contracts as (select * from {{ ref('int_cash__contracts') }} where not is_deleted),

invoices as (select * from {{ ref('int_cash__invoices') }} where is_counted),

receipts as (select * from {{ ref('int_cash__receipts') }}),

billed as (
    select
        source_system,
        contract_id,
        count(*) as n_invoices,
        sum(original_minor) as invoiced_original_minor,
        sum(invoiced_minor) as invoiced_minor,
        min(currency) as first_currency,
        max(currency) as last_currency
    from invoices
    group by source_system, contract_id
),

received as (
    select
        source_system,
        contract_id,
        count(*) as n_receipts,
        min(received_at) filter (where not is_refund) as first_cash_at,
        max(received_at) filter (where not is_refund) as last_cash_at,
        sum({{ money_minor("amount") }}) as cash_original_minor,
        sum(amount_minor) as cash_minor,
        coalesce(sum(amount_minor) filter (where is_refund), 0) as refund_minor,
        min(currency) as first_currency,
        max(currency) as last_currency
    from receipts
    group by source_system, contract_id
)

select
    contracts.*,
    coalesce(billed.n_invoices, 0) as n_invoices,
    coalesce(received.n_receipts, 0) as n_receipts,
    received.first_cash_at,
    received.last_cash_at,
    coalesce(billed.invoiced_original_minor, 0) as invoiced_original_minor,
    coalesce(billed.invoiced_minor, 0) as invoiced_minor,
    coalesce(received.cash_original_minor, 0) as cash_original_minor,
    coalesce(received.cash_minor, 0) as cash_minor,
    coalesce(received.refund_minor, 0) as refund_minor,
    -- Rates of different days would make a billed cent look unpaid: compare in the contract's own
    -- currency where everything is in it.
    coalesce(billed.first_currency = contracts.currency and billed.last_currency = contracts.currency, true)
    and coalesce(
        received.first_currency = contracts.currency and received.last_currency = contracts.currency, true
    ) as has_one_currency
from contracts
left join billed
    on contracts.source_system = billed.source_system and contracts.contract_id = billed.contract_id
left join received
    on contracts.source_system = received.source_system and contracts.contract_id = received.contract_id
