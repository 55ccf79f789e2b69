-- The list of assets is one for all systems: an article read on a social account has the id of the list.
with interactions as (select * from {{ ref('int_touchpoints__content_interactions') }}),

listed as (select distinct asset_id from {{ ref('dim_content_asset') }})

select
    interactions.interaction_key,
    interactions.interaction_kind,
    interactions.action,
    interactions.source_system,
    interactions.asset_id,
    listed.asset_id is not null as is_listed_asset,
    interactions.person_key,
    interactions.occurred_at
from interactions
left join listed on interactions.asset_id = listed.asset_id
