-- The wide view of leads (L16) loses or doubles a lead, a deal or a cent of what is credited to leads.
with told as (
    select count(*) as n_leads, sum(n_conversions) as n_conversions, sum(cash_minor) as cash_minor
    from {{ ref('mart_lead_overview') }}
),

leads as (select count(*) as n_leads from {{ ref('dim_lead') }}),

known as (
    select count(*) as n_conversions, sum(cash_minor) as cash_minor
    from {{ ref('mart_conversion_origin') }}
    where lead_key is not null
)

select
    told.n_leads,
    leads.n_leads as known_leads,
    told.n_conversions,
    known.n_conversions as known_conversions,
    told.cash_minor,
    known.cash_minor as known_minor
from told
cross join leads
cross join known
where
    told.n_leads <> leads.n_leads
    or told.n_conversions is distinct from known.n_conversions
    or told.cash_minor is distinct from known.cash_minor
