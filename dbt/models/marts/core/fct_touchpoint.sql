with touchpoints as (select * from {{ ref('int_touchpoints__unified') }})

select
    touchpoint_key,
    touch_kind,
    direction,
    touch_use,
    source_system,
    person_key,
    case when person_key is null then anonymous_id end as anonymous_id,
    channel,
    campaign_ref,
    occurred_at,
    known_at,
    record_key
from touchpoints
