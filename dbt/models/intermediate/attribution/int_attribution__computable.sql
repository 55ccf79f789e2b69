-- Whether cost, cash and wins can be known at all: an absent extract is "not computable", never 0.
with presence as (select * from {{ ref('int_quality__extract_presence') }}),

wins as (
    select count(*) as n_wins from {{ ref('int_funnel__stage_entries') }} where stage = 'account'
)

select
    coalesce(max(cast(is_present as integer)) filter (
        where extract_table in ('ad_spend_daily', 'marketing_costs_other')
    ), 0) = 1 as has_cost,
    coalesce(max(cast(is_present as integer)) filter (where extract_table = 'payments'), 0) = 1 as has_cash,
    coalesce(max(cast(is_present as integer)) filter (where extract_table = 'contracts'), 0) = 1 as has_contracts,
    coalesce(max(cast(is_present as integer)) filter (where extract_table = 'invoices'), 0) = 1 as has_invoices,
    -- Wins come with the opportunities, or with a customer status in the CRM.
    coalesce(max(cast(is_present as integer)) filter (where extract_table = 'crm_opportunities'), 0) = 1
    or max(wins.n_wins) > 0 as has_wins
from presence
cross join wins
