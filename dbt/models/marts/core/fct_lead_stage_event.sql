with events as (select * from {{ ref('int_lifecycle__stage_events') }})

select
    event_id,
    lead_key,
    stage,
    occurred_at,
    effective_at,
    known_at,
    source_sequence,
    cast(event_number as integer) as event_number,
    actor_user_id,
    evidence,
    is_before_creation,
    is_known_before_it_happened,
    is_in_future
from events
