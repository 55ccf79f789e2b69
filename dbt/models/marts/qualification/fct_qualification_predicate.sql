select
    {{ surrogate_key(["entry_event_id", "predicate"]) }} as qualification_predicate_key,
    entry_event_id,
    lead_key,
    stage,
    entered_at,
    predicate,
    predicate_state,
    state_since,
    is_capture_item
from {{ ref('int_qualification__entry_predicates') }}
