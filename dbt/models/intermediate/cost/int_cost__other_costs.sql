with deliveries as (select * from {{ ref('stg_ads__marketing_costs_other') }}),

latest as (
    {{ latest_version('deliveries', ['_source_system', 'cost_id']) }}
)

select
    {{ surrogate_key(["'other_cost'", "_source_system", "cost_id"]) }} as cost_key,
    _source_system as source_system,
    cost_id,
    coalesce(period_start, period_end, {{ business_date("paid_at") }}) as period_start,
    -- A period that ends before it starts is taken as its first day; a test names it.
    greatest(
        coalesce(period_end, period_start, {{ business_date("paid_at") }}),
        coalesce(period_start, period_end, {{ business_date("paid_at") }})
    ) as period_end,
    coalesce(period_end < period_start, false) as is_period_reversed,
    channel,
    campaign_id,
    event_id,
    asset_id,
    cost_type,
    amount,
    currency,
    first_known_at,
    version_known_at as known_at
from latest
where not _is_deleted
