-- Every name a campaign ever had and since when: the campaign history, or for a campaign without one
-- the names its spend was booked under.
with deliveries as (select * from {{ ref('stg_ads__ad_campaigns') }}),

ad_spend as (select * from {{ ref('int_cost__ad_spend') }}),

versions as (
    {{ latest_version('deliveries', ['_source_system', 'campaign_id', 'valid_from']) }}
),

dated_names as (
    select
        _source_system as source_system,
        campaign_id,
        name as campaign_name,
        {{ business_date("valid_from") }} as valid_from
    from versions
    where not _is_deleted
    union all
    select
        ad_spend.source_system,
        ad_spend.campaign_id,
        ad_spend.campaign_name,
        min(ad_spend.cost_date) as valid_from
    from ad_spend
    left join versions
        on
            ad_spend.source_system = versions._source_system
            and ad_spend.campaign_id = versions.campaign_id
    where versions.campaign_id is null
    group by ad_spend.source_system, ad_spend.campaign_id, ad_spend.campaign_name
)

select
    source_system,
    campaign_id,
    campaign_name,
    valid_from
from dated_names
qualify
    row_number() over (
        partition by source_system, campaign_id, valid_from order by campaign_name asc nulls last
    ) = 1
