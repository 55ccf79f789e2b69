with origins as (select * from {{ ref('int_attribution__origins') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

words as (select * from {{ ref('conversion_origin') }} where {{ in_force_now() }})

select
    origins.conversion_key,
    conversions.opportunity_key,
    conversions.lead_key,
    conversions.account_key,
    conversions.converted_at,
    {{ business_month("conversions.converted_at") }} as converted_month,
    conversions.is_won,
    origins.deal_began_at,
    origins.origin,
    words.label_en as origin_en,
    words.label_zh as origin_zh,
    origins.first_channel,
    origins.first_touched_at,
    origins.first_act_at,
    cast(origins.n_touches as integer) as n_touches,
    cast(origins.n_marketing_touches as integer) as n_marketing_touches,
    cast(origins.n_partner_touches as integer) as n_partner_touches,
    origins.origin = 'marketing' as is_marketing_sourced,
    origins.origin = 'sales' as is_sales_sourced,
    origins.origin = 'partner' as is_partner_sourced,
    origins.n_marketing_touches > 0 as is_marketing_influenced,
    origins.has_partner as is_partner_influenced,
    '{{ var("reporting_currency") }}' as currency,
    cast(conversions.cash_minor as bigint) as cash_minor
from origins
inner join conversions on origins.conversion_key = conversions.conversion_key
left join words on origins.origin = words.origin
