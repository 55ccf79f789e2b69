-- What any source said about a customer, before the rules say what it means.
with contracts as (select * from {{ ref('int_cash__contracts') }} where not is_deleted),

opportunities as (select * from {{ ref('int_customer__opportunities') }}),

renewals as (select * from {{ ref('int_customer__renewals') }}),

usage_signals as (select * from {{ ref('int_customer__usage_signals') }}),

account_ids as (select * from {{ ref('int_customer__account_ids') }}),

milestones as (
    {{ latest_version(
        ref('stg_success__onboarding_milestones'),
        ['_source_system', 'account_id', 'milestone', 'success_definition_version']
    ) }}
),

advocacy as (select * from {{ ref('int_customer__advocacy') }}),

wins as (
    select opportunities.*
    from opportunities
    left join contracts on opportunities.opportunity_key = contracts.opportunity_key
    where opportunities.is_won and contracts.opportunity_key is null
),

told as (
    select account_key from contracts
    union
    select account_key from opportunities where is_won
),

-- A CRM may call a lead a customer without any deal.
named as (
    select leads.lead_key, leads.account_key, reached.reached_account_at, leads.first_known_at
    from {{ ref('int_funnel__reached') }} as reached
    inner join {{ ref('int_leads__leads') }} as leads on reached.lead_key = leads.lead_key
    left join told on leads.account_key = told.account_key
    where reached.reached_account_at is not null and told.account_key is null
),

said as (
    select
        'contract' as signal_source, contract_key as source_key, account_key, contract_type as signal_value,
        signed_at as occurred_at, contract_minor as amount_minor, first_known_at as known_at
    from contracts
    union all
    -- A deal that has its contract is told by the contract.
    select
        'opportunity' as signal_source, opportunity_key as source_key, account_key,
        lower(opportunity_type) as signal_value, won_at as occurred_at, null as amount_minor,
        first_known_at as known_at
    from wins
    union all
    select
        'lead_stage' as signal_source, lead_key as source_key, account_key, 'account' as signal_value,
        reached_account_at as occurred_at, null as amount_minor, first_known_at as known_at
    from named
    union all
    select
        'renewal' as signal_source, renewal_key as source_key, account_key, decision as signal_value,
        coalesce(decided_at, due_at) as occurred_at, null as amount_minor, first_known_at as known_at
    from renewals
    union all
    select
        'onboarding_milestone' as signal_source,
        {{ surrogate_key([
            "milestones._source_system", "milestones.account_id", "milestones.milestone",
            "milestones.success_definition_version"
        ]) }} as source_key,
        account_ids.account_key, lower(milestones.milestone) as signal_value,
        milestones.reached_at as occurred_at, null as amount_minor, milestones.first_known_at as known_at
    from milestones
    inner join account_ids
        on
            milestones._source_system = account_ids.source_system
            and milestones.account_id = account_ids.account_id
    where milestones.reached_at is not null and not milestones._is_deleted
    union all
    select
        'usage' as signal_source, {{ surrogate_key(["account_key", "signal_value", "occurred_at"]) }} as source_key,
        account_key, signal_value, occurred_at, null as amount_minor, occurred_at as known_at
    from usage_signals
    union all
    select
        'advocacy' as signal_source, advocacy_key as source_key, account_key, kind as signal_value,
        occurred_at, null as amount_minor, first_known_at as known_at
    from advocacy
)

select
    {{ surrogate_key(["signal_source", "source_key"]) }} as signal_key,
    *
from said
