-- The tags of the content assets in force, one row each: written with | between them or as a JSON array.
with assets as (select * from {{ ref('int_touchpoints__content_assets') }}),

cleaned as (
    select
        source_system,
        asset_id,
        {{ regex_replace_all(regex_replace_all("tags", '[]["]', ""), " *[,|] *", "|") }} as tags
    from assets
),

places as ({{ series(1, 20, "place") }})

select distinct
    cleaned.source_system,
    cleaned.asset_id,
    {{ clean_text("split_part(cleaned.tags, '|', cast(places.place as integer))") }} as tag
from cleaned
cross join places
where {{ clean_text("split_part(cleaned.tags, '|', cast(places.place as integer))") }} is not null
