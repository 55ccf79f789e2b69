with origins as (select * from {{ ref('int_funnel__opportunity_origins') }})

select
    opportunity_key,
    account_key,
    owner_id,
    created_at,
    won_at,
    is_won,
    origin,
    lead_key,
    is_lead_missing,
    prior_lead_key,
    prior_match_kind,
    later_lead_key,
    later_match_kind,
    {{ seconds_between("created_at", "later_lead_created_at") }} / 86400 as days_to_later_lead
from origins
