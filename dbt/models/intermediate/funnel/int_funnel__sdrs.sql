-- The SDR an entry into a stage is counted for, with the team of that time: who had the lead last
-- before it came in, else who got it first afterwards.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }} where owner_side = 'sdr')

select
    entries.enquiry_lead_key,
    entries.stage,
    owner_periods.owner_user_id,
    owner_periods.owner_team_id
from entries
inner join owner_periods on entries.enquiry_lead_key = owner_periods.lead_key
qualify
    row_number() over (
        partition by entries.enquiry_lead_key, entries.stage
        order by
            (owner_periods.valid_from <= entries.reached_at) desc nulls last,
            case when owner_periods.valid_from <= entries.reached_at then owner_periods.valid_from end
            desc nulls last,
            owner_periods.valid_from asc nulls last,
            owner_periods.period_number asc nulls last
    ) = 1
