with ledger as (select * from {{ ref('int_cost__ledger') }})

select
    cost_key,
    source_system,
    cost_type,
    cost_group,
    channel,
    platform,
    campaign_id,
    campaign_name,
    keyword_id,
    service_from,
    service_to,
    amount as original_amount,
    currency as original_currency,
    fx_rate,
    '{{ var("reporting_currency") }}' as currency,
    list_minor,
    rebate_minor,
    gross_minor,
    tax_minor,
    amount_minor,
    known_at
from ledger
