-- One won deal from its lead to its cash. Won, activated and first cash are three instants (X9).
with wins as (select * from {{ ref('int_customer__opportunities') }} where is_won),

leads as (select * from {{ ref('bridge_opportunity_lead') }} where is_primary),

reached as (select * from {{ ref('int_funnel__reached') }}),

first_uses as (select * from {{ ref('int_customer__first_uses') }}),

contracts as (select * from {{ ref('fct_contract_cash') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

computable as (
    select
        count(*) filter (
            where is_present and extract_table in ('onboarding_milestones', 'product_usage_daily')
        ) > 0 as has_uses,
        count(*) filter (where is_present and extract_table = 'contracts') > 0 as has_contracts
    from presence
),

money as (
    select
        opportunity_key,
        count(*) as n_contracts,
        min(signed_at) as signed_at,
        min(first_cash_at) as first_cash_at,
        max(last_cash_at) as last_cash_at,
        cast(sum(contract_minor) as bigint) as contract_minor,
        cast(sum(invoiced_minor) as bigint) as invoiced_minor,
        cast(sum(cash_minor) as bigint) as cash_minor,
        cast(sum(refund_minor) as bigint) as refund_minor,
        count(*) filter (where cash_status <> 'ok') as n_not_ok
    from contracts
    where opportunity_key is not null
    group by opportunity_key
)

select
    wins.opportunity_key,
    leads.lead_key,
    wins.account_key,
    wins.owner_id,
    wins.opportunity_type,
    reached.reached_lead_at as lead_at,
    reached.reached_mql_at,
    reached.reached_sql_at,
    wins.created_at as opportunity_at,
    wins.won_at,
    money.signed_at,
    first_uses.activated_at,
    first_uses.evidence as activation_evidence,
    {{ seconds_between("wins.won_at", "first_uses.activated_at") }} / 86400 as days_to_activation,
    case
        when first_uses.activated_at is not null then 'activated'
        when not computable.has_uses then 'not_computable'
        when
            {{ seconds_between("wins.won_at", "as_of.as_of") }}
            > {{ policy('customer', 'activation_days') }} * 86400
            then 'overdue'
        else 'pending'
    end as activation_status,
    money.first_cash_at,
    money.last_cash_at,
    {{ seconds_between("wins.won_at", "money.first_cash_at") }} / 86400 as days_to_first_cash,
    coalesce(cast(money.n_contracts as integer), 0) as n_contracts,
    '{{ var("reporting_currency") }}' as currency,
    money.contract_minor,
    money.invoiced_minor,
    money.cash_minor,
    money.refund_minor,
    {{ ratio("money.cash_minor", "money.contract_minor") }} as collected_share,
    case
        when not computable.has_contracts then 'not_computable'
        when money.opportunity_key is null then 'no_contract'
        when money.n_not_ok > 0 then 'see_contract'
        else 'ok'
    end as cash_status
from wins
cross join computable
cross join as_of
left join leads on wins.opportunity_key = leads.opportunity_key
left join reached on leads.lead_key = reached.lead_key
left join first_uses on wins.opportunity_key = first_uses.opportunity_key
left join money on wins.opportunity_key = money.opportunity_key
