with deliveries as (select * from {{ ref('stg_ads__marketing_costs_other') }}),

latest as (
    {{ latest_version('deliveries', ['_source_system', 'cost_id']) }}
)

select
    {{ surrogate_key(["'other_cost'", "_source_system", "cost_id"]) }} as cost_key,
    _source_system as source_system,
    cost_id,
    period_start,
    coalesce(period_end, period_start) as period_end,
    channel,
    campaign_id,
    cost_type,
    amount,
    currency,
    first_known_at,
    _extracted_at as known_at
from latest
where not _is_deleted
