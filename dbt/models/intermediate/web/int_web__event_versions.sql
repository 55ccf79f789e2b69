-- What we held true of each web event, and since when: int_web__events over time. Robots and
-- withdrawn events were never there.
with versions as (
    {{ version_periods(ref('stg_web__events'), ['_source_system', 'event_id'], ['received_at']) }}
)

select
    _source_system as source_system,
    event_id,
    anonymous_id,
    session_id,
    lower(event_name) as event_name,
    coalesce(asset_id, page_path, event_id) as asset_ref,
    occurred_at,
    known_from,
    known_to
from versions
where not coalesce(is_bot, false) and not _is_deleted and anonymous_id is not null
