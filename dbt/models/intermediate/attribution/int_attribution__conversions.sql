-- What attribution divides: each won opportunity, and each deal that paid cash without one. The latter
-- are mostly renewals; their account is the one that signed the contract.
with opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

receipts as (select * from {{ ref('int_cash__receipts') }}),

contracts as (select * from {{ ref('int_cash__contracts') }}),

accounts as (select * from {{ ref('int_customer__opportunities') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

enquiries as (select * from {{ ref('int_leads__enquiries') }}),

funnel as (select * from {{ ref('int_funnel__enquiries') }}),

cash as (
    select
        receipts.conversion_key,
        max(contracts.account_key) as account_key,
        min(receipts.received_at) as first_cash_at,
        sum(receipts.amount_minor) as cash_minor,
        count(*) as n_receipts
    from receipts
    left join contracts
        on
            receipts.source_system = contracts.source_system
            and receipts.contract_id = contracts.contract_id
    group by receipts.conversion_key
),

deals as (
    select opportunity_key as conversion_key from opportunities where is_won
    union
    select conversion_key from cash
),

dated as (
    select
        deals.conversion_key,
        opportunities.opportunity_key,
        leads.lead_key,
        leads.created_at as lead_created_at,
        opportunities.created_at as opportunity_created_at,
        coalesce(accounts.account_key, cash.account_key) as account_key,
        coalesce(opportunities.is_won, false) as is_won,
        case
            when opportunities.is_won then coalesce(opportunities.closed_at, opportunities.known_at)
            else cash.first_cash_at
        end as converted_at,
        cash.first_cash_at,
        coalesce(cash.cash_minor, 0) as cash_minor,
        coalesce(cash.n_receipts, 0) as n_receipts
    from deals
    left join opportunities on deals.conversion_key = opportunities.opportunity_key
    left join cash on deals.conversion_key = cash.conversion_key
    left join leads on opportunities.lead_key = leads.lead_key
    left join accounts on opportunities.opportunity_key = accounts.opportunity_key
)

select
    dated.*,
    enquiries.survivor_lead_key,
    -- Deals without a lead belong to the cohort of the month they converted in.
    coalesce(
        funnel.cohort_month, {{ business_month("coalesce(survivors.created_at, dated.converted_at)") }}
    ) as cohort_month
from dated
left join enquiries on dated.lead_key = enquiries.lead_key
left join funnel on enquiries.survivor_lead_key = funnel.enquiry_lead_key
left join leads as survivors on enquiries.survivor_lead_key = survivors.lead_key
