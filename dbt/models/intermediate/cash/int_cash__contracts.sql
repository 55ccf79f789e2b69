-- Contracts, newest version, with the deal they came from and the account that signed. A deleted
-- contract still says which deal a payment belongs to.
with deliveries as (select * from {{ ref('stg_finance__contracts') }}),

contracts as (
    {{ latest_version('deliveries', ['_source_system', 'contract_id']) }}
),

opportunities as (select * from {{ ref('int_crm__opportunities') }}),

deals as (select * from {{ ref('int_customer__opportunities') }}),

account_ids as (select * from {{ ref('int_customer__account_ids') }}),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
),

-- Finance and CRM are mostly different systems: then the id alone decides, where it is unambiguous.
unambiguous as (
    select opportunity_id, max(opportunity_key) as opportunity_key
    from opportunities
    group by opportunity_id
    having count(*) = 1
),

traced as (
    select
        contracts.*,
        upper(contracts.currency) as contract_currency,
        coalesce(opportunities.opportunity_key, unambiguous.opportunity_key) as opportunity_key
    from contracts
    left join opportunities
        on
            contracts._source_system = opportunities.source_system
            and contracts.opportunity_id = opportunities.opportunity_id
    left join unambiguous on contracts.opportunity_id = unambiguous.opportunity_id
)

select
    {{ surrogate_key(["traced._source_system", "traced.contract_id"]) }} as contract_key,
    traced._source_system as source_system,
    traced.contract_id,
    traced.opportunity_key,
    coalesce(account_ids.account_key, deals.account_key) as account_key,
    lower(traced.type) as contract_type,
    traced.signed_at,
    {{ business_day_start("traced.end_date") }} + interval '1' day as ends_at,
    coalesce(traced.auto_renew, false) as is_auto_renewing,
    traced.contract_currency as currency,
    {{ money_minor("traced.tcv") }} as original_minor,
    {{ converted_minor("traced.tcv", "traced.contract_currency", "rates.rate") }} as contract_minor,
    traced.first_known_at,
    traced._is_deleted as is_deleted
from traced
left join account_ids
    on traced._source_system = account_ids.source_system and traced.account_id = account_ids.account_id
left join deals on traced.opportunity_key = deals.opportunity_key
left join rates
    on
        traced.contract_currency = rates.from_currency
        and {{ in_force('rates', business_date('traced.signed_at')) }}
