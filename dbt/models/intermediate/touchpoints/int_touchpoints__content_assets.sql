-- Content assets in force.
with assets as (
    {{ latest_version(ref('stg_web__content_assets'), ['_source_system', 'asset_id']) }}
)

select
    _source_system as source_system,
    asset_id,
    title,
    kind as asset_kind,
    product,
    industry,
    awareness_step,
    intent,
    promise_tag,
    published_at,
    url_pattern,
    tags
from assets
where not _is_deleted
