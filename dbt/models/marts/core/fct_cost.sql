with lines as (select * from {{ ref('int_cost__ledger') }}),

months as (select * from {{ ref('int_cost__monthly') }})

select
    {{ surrogate_key(["lines.cost_key", "months.service_month"]) }} as cost_month_key,
    lines.cost_key,
    lines.source_system,
    lines.cost_type,
    lines.cost_group,
    lines.channel,
    lines.platform,
    lines.campaign_id,
    lines.campaign_name,
    lines.keyword_id,
    lines.service_from,
    lines.service_to,
    months.service_month,
    lines.currency as original_currency,
    '{{ var("reporting_currency") }}' as currency,
    cast(months.amount_minor as bigint) as amount_minor,
    lines.known_at
from lines
inner join months on lines.cost_key = months.cost_key
