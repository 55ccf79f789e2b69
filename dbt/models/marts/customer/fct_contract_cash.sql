with totals as (select * from {{ ref('int_cash__contract_totals') }}),

leads as (select * from {{ ref('bridge_opportunity_lead') }} where is_primary),

presence as (select * from {{ ref('int_quality__extract_presence') }}),

computable as (
    select
        coalesce(max(cast(is_present as integer)) filter (where extract_table = 'invoices'), 0) = 1
            as has_invoices,
        coalesce(max(cast(is_present as integer)) filter (where extract_table = 'payments'), 0) = 1
            as has_payments
    from presence
),

compared as (
    select
        totals.*,
        computable.has_invoices,
        computable.has_payments,
        case when has_one_currency then original_minor else contract_minor end as contract_compared,
        case when has_one_currency then invoiced_original_minor else invoiced_minor end as invoiced_compared,
        case when has_one_currency then cash_original_minor else cash_minor end as cash_compared
    from totals
    cross join computable
),

judged as (
    select
        *,
        case when has_invoices and has_payments then cash_compared > invoiced_compared end
            as is_cash_above_invoiced,
        case when has_invoices then invoiced_compared > contract_compared end as is_invoiced_above_contract
    from compared
)

select
    judged.contract_key,
    judged.source_system,
    judged.contract_id,
    judged.account_key,
    judged.opportunity_key,
    leads.lead_key,
    judged.contract_type,
    judged.signed_at,
    judged.ends_at,
    '{{ var("reporting_currency") }}' as currency,
    judged.contract_minor,
    case when judged.has_invoices then cast(judged.invoiced_minor as bigint) end as invoiced_minor,
    case when judged.has_payments then cast(judged.cash_minor as bigint) end as cash_minor,
    case when judged.has_payments then cast(judged.refund_minor as bigint) end as refund_minor,
    judged.currency as original_currency,
    judged.has_one_currency,
    judged.original_minor as contract_original_minor,
    case when judged.has_invoices then cast(judged.invoiced_original_minor as bigint) end
        as invoiced_original_minor,
    case when judged.has_payments then cast(judged.cash_original_minor as bigint) end as cash_original_minor,
    {{ ratio("judged.cash_compared", "judged.contract_compared", "judged.has_payments") }} as collected_share,
    cast(judged.n_invoices as integer) as n_invoices,
    cast(judged.n_receipts as integer) as n_receipts,
    judged.first_cash_at,
    judged.last_cash_at,
    judged.is_cash_above_invoiced,
    judged.is_invoiced_above_contract,
    case
        when not judged.has_invoices or not judged.has_payments then 'not_computable'
        when judged.is_cash_above_invoiced or judged.is_invoiced_above_contract then 'out_of_order'
        when judged.contract_compared is null then 'unknown_value'
        else 'ok'
    end as cash_status
from judged
left join leads on judged.opportunity_key = leads.opportunity_key
