-- Stays as we knew them: pick the rows with known_from <= K and (known_to is null or known_to > K).
with history as (select * from {{ ref('int_lifecycle__stay_history') }})

select
    {{ surrogate_key(["lead_key", "stay_number", "known_from"]) }} as stage_interval_history_key,
    lead_key,
    cast(stay_number as integer) as stay_number,
    cast(passage_number as integer) as passage_number,
    cast(visit_number as integer) as visit_number,
    cast(lifetime_visit_number as integer) as lifetime_visit_number,
    stage,
    cast(stage_rank as integer) as stage_rank,
    path_kind,
    entered_at,
    exited_at,
    previous_stage,
    next_stage,
    move,
    event_id as entry_event_id,
    actor_user_id as entry_actor_user_id,
    known_at as entry_known_at,
    known_from,
    known_to,
    known_to is null as is_current
from history
