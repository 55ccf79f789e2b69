with campaign_names as (select * from {{ ref('int_cost__campaign_names') }})

select
    {{ surrogate_key(["source_system", "platform", "campaign_id", "valid_from"]) }} as campaign_version_key,
    source_system,
    platform,
    campaign_id,
    campaign_name,
    valid_from,
    lead(valid_from) over (
        partition by source_system, platform, campaign_id order by valid_from asc nulls last
    ) as valid_to
from campaign_names
