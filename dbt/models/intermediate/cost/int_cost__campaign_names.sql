-- Every name a campaign ever had on its ad platform and since when: the campaign history, or for a
-- campaign without one the names its spend was booked under. The history does not name the platform:
-- it is that of the spend, and of an id that several platforms use, the one that booked that name.
with deliveries as (select * from {{ ref('stg_ads__ad_campaigns') }}),

ad_spend as (select * from {{ ref('int_cost__ad_spend') }}),

versions as (
    {{ latest_version('deliveries', ['_source_system', 'campaign_id', 'valid_from']) }}
),

booked as (
    select source_system, campaign_id, platform, campaign_name, min(cost_date) as valid_from
    from ad_spend
    group by source_system, campaign_id, platform, campaign_name
),

platforms as (
    select
        source_system, campaign_id, platform,
        count(*) over (partition by source_system, campaign_id) as n_platforms
    from booked
    group by source_system, campaign_id, platform
),

history as (
    select
        versions._source_system as source_system,
        platforms.platform,
        versions.campaign_id,
        versions.name as campaign_name,
        {{ business_date("versions.valid_from") }} as valid_from
    from versions
    left join platforms
        on versions._source_system = platforms.source_system and versions.campaign_id = platforms.campaign_id
    left join booked
        on
            platforms.source_system = booked.source_system
            and platforms.campaign_id = booked.campaign_id
            and platforms.platform = booked.platform
            and versions.name = booked.campaign_name
    where not versions._is_deleted and (coalesce(platforms.n_platforms, 1) = 1 or booked.platform is not null)
),

dated_names as (
    select source_system, platform, campaign_id, campaign_name, valid_from from history
    union all
    select booked.source_system, booked.platform, booked.campaign_id, booked.campaign_name, booked.valid_from
    from booked
    left join history
        on
            booked.source_system = history.source_system
            and booked.campaign_id = history.campaign_id
            and booked.platform = history.platform
    where history.campaign_id is null
)

select
    source_system,
    platform,
    campaign_id,
    campaign_name,
    valid_from
from dated_names
qualify
    row_number() over (
        partition by source_system, platform, campaign_id, valid_from order by campaign_name asc nulls last
    ) = 1
