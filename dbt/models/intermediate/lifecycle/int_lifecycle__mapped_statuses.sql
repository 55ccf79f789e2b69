-- The status assertions we hold true now.
with periods as (select * from {{ ref('int_lifecycle__status_periods') }})

select
    lead_key,
    source_system,
    event_id,
    crm_status,
    occurred_at,
    source_sequence,
    known_at,
    actor_user_id,
    change_source,
    evidence,
    stage
from periods
where known_to is null
