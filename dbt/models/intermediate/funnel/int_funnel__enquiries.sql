-- One row per enquiry (the surviving lead of a group of repeats) with the earliest instant any of
-- its leads reached each stage. The unit that funnels count.
with leads as (select * from {{ ref('int_leads__leads') }}),

outcomes as (select * from {{ ref('int_leads__outcomes') }}),

lifecycles as (select * from {{ ref('int_funnel__reached') }}),

members as (
    select
        outcomes.survivor_lead_key,
        count(*) as n_leads,
        min(lifecycles.reached_lead_at) as reached_lead_at,
        min(lifecycles.reached_mql_at) as reached_mql_at,
        min(lifecycles.reached_sal_at) as reached_sal_at,
        min(lifecycles.reached_sql_at) as reached_sql_at,
        min(lifecycles.reached_opportunity_at) as reached_opportunity_at,
        min(lifecycles.reached_account_at) as reached_account_at
    from outcomes
    inner join lifecycles on outcomes.lead_key = lifecycles.lead_key
    where outcomes.cleaning_outcome <> 'exclude'
    group by outcomes.survivor_lead_key
)

select
    leads.lead_key as enquiry_lead_key,
    leads.person_key,
    leads.account_key,
    leads.channel,
    members.n_leads,
    {{ business_month("members.reached_lead_at") }} as cohort_month,
    members.reached_lead_at,
    members.reached_mql_at,
    members.reached_sal_at,
    members.reached_sql_at,
    members.reached_opportunity_at,
    members.reached_account_at
from members
inner join leads on members.survivor_lead_key = leads.lead_key
inner join outcomes on leads.lead_key = outcomes.lead_key and outcomes.cleaning_outcome = 'net'
