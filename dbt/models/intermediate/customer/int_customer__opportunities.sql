-- Opportunities with their account and the instant they were won. The account is the one the deal
-- names, else the one of its lead.
with opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

account_ids as (select * from {{ ref('int_customer__account_ids') }}),

leads as (select * from {{ ref('int_leads__leads') }})

select
    opportunities.opportunity_key,
    opportunities.source_system,
    opportunities.opportunity_id,
    opportunities.opportunity_type,
    coalesce(account_ids.account_key, leads.account_key) as account_key,
    opportunities.primary_contact_id,
    leads.lead_key,
    opportunities.lead_key as named_lead_key,
    opportunities.owner_id,
    opportunities.created_at,
    opportunities.is_won,
    opportunities.is_closed,
    -- As the stage log has it: a date-only close on the day of creation lies before it, and a win
    -- without a date is as precise as its delivery.
    case
        when not opportunities.is_won then null
        when opportunities.closed_at is null then opportunities.known_at
        when {{ business_date("opportunities.closed_at") }} = {{ business_date("opportunities.created_at") }}
            then greatest(opportunities.closed_at, opportunities.created_at)
        else opportunities.closed_at
    end as won_at,
    opportunities.first_known_at
from opportunities
left join account_ids
    on
        opportunities.source_system = account_ids.source_system
        and opportunities.account_id = account_ids.account_id
left join leads on opportunities.lead_key = leads.lead_key
