-- Every cost line in force with its channel, in the reporting currency at the rate of its first day.
with ad_spend as (select * from {{ ref('int_cost__ad_spend') }}),

other_costs as (select * from {{ ref('int_cost__other_costs') }}),

signals as (select * from {{ ref('int_channels__signals') }}),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
),

lines as (
    select
        cost_key, source_system, 'media' as cost_type, platform, campaign_id, campaign_name, keyword_id,
        cost_date as service_from, cost_date as service_to, amount, list_amount, currency, known_at,
        {{ channel_signal_key(platform="platform") }} as channel_signal_key
    from ad_spend
    union all
    select
        cost_key, source_system, lower(cost_type) as cost_type, null as platform, campaign_id,
        null as campaign_name, null as keyword_id, period_start as service_from, period_end as service_to,
        amount, amount as list_amount, currency, known_at,
        {{ channel_signal_key(lead_source="channel") }} as channel_signal_key
    from other_costs
)

select
    lines.cost_key,
    lines.source_system,
    lines.cost_type,
    signals.channel,
    lines.platform,
    lines.campaign_id,
    -- The name it was booked under on the day: a renamed campaign keeps both.
    lines.campaign_name,
    lines.keyword_id,
    lines.service_from,
    lines.service_to,
    lines.amount,
    upper(lines.currency) as currency,
    {{ fx_rate("lines.currency", "rates.rate") }} as fx_rate,
    {{ converted_minor("lines.list_amount", "lines.currency", "rates.rate") }} as list_minor,
    {{ converted_minor("lines.amount", "lines.currency", "rates.rate") }} as amount_minor,
    lines.known_at
from lines
left join signals
    on lines.channel_signal_key = signals.channel_signal_key and {{ in_force('signals', 'lines.service_from') }}
left join rates
    on upper(lines.currency) = rates.from_currency and {{ in_force('rates', 'lines.service_from') }}
