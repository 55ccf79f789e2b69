with owner_periods as (select * from {{ ref('int_routing__owner_periods') }})

select
    {{ surrogate_key(["lead_key", "valid_from"]) }} as owner_period_key,
    lead_key,
    cast(period_number as integer) as period_number,
    owner_user_id,
    owner_queue,
    owner_role,
    owner_team_id,
    owner_side,
    valid_from,
    valid_to,
    changed_by_user_id,
    change_source,
    basis,
    is_chain_broken,
    known_at
from owner_periods
