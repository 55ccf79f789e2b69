-- A row is a family of channels that origin_channel_family does not name: its conversions would be of
-- unknown origin without anybody having said so.
{{ config(meta={'dagster': {'ref': {'name': 'mart_conversion_origin'}}}) }}
with channels as (select * from {{ ref('dim_channel') }}),

families as (select * from {{ ref('origin_channel_family') }} where {{ in_force_now() }})

select distinct channels.channel_family
from channels
left join families on channels.channel_family = families.channel_family
where families.channel_family is null
