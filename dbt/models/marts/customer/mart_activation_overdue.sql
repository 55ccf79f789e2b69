-- Bought and, after the days a customer has for it, still not used.
with deals as (select * from {{ ref('fct_lead_to_cash') }} where activation_status = 'overdue'),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    deals.opportunity_key,
    deals.account_key,
    deals.owner_id,
    deals.won_at,
    {{ seconds_between("deals.won_at", "as_of.as_of") }} / 86400 as days_since_won,
    deals.contract_minor,
    deals.cash_minor
from deals
cross join as_of
