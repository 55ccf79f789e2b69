with touchpoints as (select * from {{ ref('int_touchpoints__unified') }}),

accounts as (select * from {{ ref('int_touchpoints__accounts') }})

select
    touchpoints.touchpoint_key,
    touchpoints.touch_kind,
    touchpoints.direction,
    touchpoints.touch_use,
    touchpoints.is_known_kind,
    touchpoints.source_system,
    touchpoints.person_key,
    accounts.account_key,
    case when touchpoints.person_key is null then touchpoints.anonymous_id end as anonymous_id,
    touchpoints.channel,
    touchpoints.platform,
    touchpoints.channel_rule_version,
    touchpoints.campaign_ref,
    touchpoints.occurred_at,
    touchpoints.known_at,
    touchpoints.record_key
from touchpoints
left join accounts on touchpoints.touchpoint_key = accounts.touchpoint_key
