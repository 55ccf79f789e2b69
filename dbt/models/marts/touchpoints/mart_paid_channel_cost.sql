-- Paid channels and their cost, month by month, both sides outer: touches without cost are a bill nobody
-- delivered, cost without touches a tag nobody set.
with channels as (select * from {{ ref('dim_channel') }} where traffic_group = 'paid'),

touchpoints as (
    select channel, {{ business_month("occurred_at") }} as month_start, count(*) as n_touches
    from {{ ref('fct_touchpoint') }}
    where touch_use <> 'none'
    group by channel, {{ business_month("occurred_at") }}
),

costs as (
    select channel, service_month as month_start, sum(amount_minor) as cost_minor
    from {{ ref('fct_cost') }}
    -- Hours of our own people are no bill of the channel.
    where cost_group <> 'people'
    group by channel, service_month
),

months as (
    select channel, month_start from touchpoints
    union
    select channel, month_start from costs
)

select
    {{ surrogate_key(["months.channel", "months.month_start"]) }} as paid_channel_month_key,
    months.channel,
    months.month_start,
    coalesce(touchpoints.n_touches, 0) as n_touches,
    '{{ var("reporting_currency") }}' as currency,
    cast(costs.cost_minor as bigint) as cost_minor,
    costs.cost_minor is null as is_cost_missing,
    touchpoints.n_touches is null as is_touch_missing
from months
inner join channels on months.channel = channels.channel
left join touchpoints on months.channel = touchpoints.channel and months.month_start = touchpoints.month_start
left join costs on months.channel = costs.channel and months.month_start = costs.month_start
