-- Every keyword that ever cost money, and each campaign without one (feeds, and clicks whose keyword is
-- not told), with the words of its newest day.
with ad_spend as (select * from {{ ref('int_cost__ad_spend') }}),

platform_names as (
    select * from {{ ref('traffic_platform_name') }} where name_kind = 'ad_platform' and {{ in_force_now() }}
),

listed as (
    select
        source_system, platform as ad_platform, campaign_id, keyword_id,
        max_by(keyword_text, concat(cost_date, '|', cost_key)) as keyword_text,
        sum(impressions) as n_impressions, sum(clicks) as n_clicks
    from ad_spend
    where keyword_id is not null
    group by source_system, platform, campaign_id, keyword_id
    union all
    select
        source_system, platform as ad_platform, campaign_id, null as keyword_id, null as keyword_text,
        sum(case when keyword_id is null then impressions end) as n_impressions,
        sum(case when keyword_id is null then clicks end) as n_clicks
    from ad_spend
    group by source_system, platform, campaign_id
)

select
    {{ surrogate_key(["listed.source_system", "listed.ad_platform", "listed.campaign_id", "listed.keyword_id"]) }}
        as keyword_key,
    listed.*,
    platform_names.platform
from listed
left join platform_names on lower(listed.ad_platform) = platform_names.traffic_name
