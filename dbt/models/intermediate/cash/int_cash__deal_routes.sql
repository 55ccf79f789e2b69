-- How each opportunity came about (A16): a partner registered it before it existed, or sells its contract;
-- a partner joined later; or it is our own. A registration without an opportunity stands for those of its
-- account that begin within the days it protects.
with opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

contracts as (select * from {{ ref('stg_finance__contracts') }}),

traced as (select * from {{ ref('int_cash__contracts') }}),

deliveries as (select * from {{ ref('stg_success__partner_deals') }}),

registrations as (
    {{ latest_version('deliveries', [
        '_source_system', 'partner_id', 'kind', 'registered_at', 'account_id', 'opportunity_id'
    ]) }}
),

newest_contracts as (
    {{ latest_version('contracts', ['_source_system', 'contract_id']) }}
),

partner_contracts as (
    select traced.opportunity_key
    from newest_contracts
    inner join traced
        on
            newest_contracts._source_system = traced.source_system
            and newest_contracts.contract_id = traced.contract_id
    where not newest_contracts._is_deleted and lower(newest_contracts.channel) = 'partner'
),

evidence as (
    select
        opportunities.opportunity_key,
        registrations.registered_at <= opportunities.created_at as is_before
    from opportunities
    inner join registrations on opportunities.opportunity_id = registrations.opportunity_id
    where not registrations._is_deleted
    union all
    select
        opportunities.opportunity_key,
        true as is_before
    from opportunities
    inner join registrations
        on
            opportunities.account_id = registrations.account_id
            and opportunities.created_at >= registrations.registered_at
    where
        not registrations._is_deleted
        and registrations.opportunity_id is null
        and {{ seconds_between("registrations.registered_at", "opportunities.created_at") }}
        <= {{ policy('channel_roi', 'partner_registration_days') }} * 86400
    union all
    select opportunity_key, true as is_before
    from partner_contracts
    where opportunity_key is not null
)

select
    opportunity_key,
    case when max(cast(is_before as integer)) = 1 then 'partner_sourced' else 'partner_influenced' end as deal_route
from evidence
group by opportunity_key
