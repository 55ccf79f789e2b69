-- One row per web event, robots left out and told apart by the source's own flag.
with deliveries as (select * from {{ ref('stg_web__events') }}),

events as (
    {{ latest_version('deliveries', ['_source_system', 'event_id'], ['received_at']) }}
),

gaps as (
    select
        *,
        {{ begins_visit(['_source_system', 'anonymous_id']) }} as begins_visit
    from events
    where not coalesce(is_bot, false) and not _is_deleted
)

select
    {{ surrogate_key(["_source_system", "event_id"]) }} as web_event_key,
    _source_system as source_system,
    event_id,
    anonymous_id,
    {{ visit_id(['_source_system', 'anonymous_id']) }} as session_id,
    lower(event_name) as event_name,
    occurred_at,
    first_known_at,
    coalesce(asset_id, page_path, event_id) as asset_ref,
    page_path,
    asset_id,
    {{ referring_page("referrer", "page_url", "utm_source") }} as referrer,
    lower(utm_source) as utm_source,
    lower(utm_medium) as utm_medium,
    utm_campaign,
    utm_term,
    {{ click_id_type("page_url") }} as click_id_type,
    {{ click_id("page_url") }} as click_id
from gaps
