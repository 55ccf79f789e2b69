with calls as (
    {{ latest_version(ref('stg_engagement__call_center_calls'), ['_source_system', 'call_id']) }}
)

select
    _source_system as source_system,
    call_id,
    coalesce(lower(direction), 'inbound') as direction,
    -- The other party: who called us, or whom we called.
    case when lower(direction) = 'outbound' then dnis else ani end as other_phone,
    started_at,
    answered_at,
    ended_at,
    agent_id,
    lower(disposition) as disposition,
    linked_lead_id,
    first_known_at
from calls
where not _is_deleted
