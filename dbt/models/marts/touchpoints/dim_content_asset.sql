with assets as (select * from {{ ref('int_touchpoints__content_assets') }}),

interactions as (select * from {{ ref('int_touchpoints__content_interactions') }}),

tags as (
    select source_system, asset_id, {{ distinct_sorted_text("tag", ", ") }} as tags
    from {{ ref('int_touchpoints__content_tags') }}
    group by source_system, asset_id
),

used as (
    select asset_id, count(*) as n_interactions, count(distinct person_key) as n_persons
    from interactions
    group by asset_id
)

select
    {{ surrogate_key(["assets.source_system", "assets.asset_id"]) }} as content_asset_key,
    assets.source_system,
    assets.asset_id,
    assets.title,
    assets.asset_kind,
    tags.tags,
    assets.product,
    assets.industry,
    assets.awareness_step,
    assets.intent,
    assets.promise_tag,
    assets.published_at,
    coalesce(used.n_interactions, 0) as n_interactions,
    coalesce(used.n_persons, 0) as n_persons
from assets
left join tags on assets.source_system = tags.source_system and assets.asset_id = tags.asset_id
left join used on assets.asset_id = used.asset_id
