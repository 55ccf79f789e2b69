with origins as (select * from {{ ref('mart_conversion_origin') }}),

words as (select * from {{ ref('conversion_origin') }} where {{ in_force_now() }}),

sizes as (select count(*) as n_conversions, sum(cash_minor) as cash_minor from origins),

counted as (
    select
        origin,
        count(*) as n_sourced,
        sum(cash_minor) as cash_minor,
        count(*) filter (where is_marketing_influenced) as n_marketing_influenced,
        count(*) filter (where is_partner_influenced) as n_partner_influenced
    from origins
    group by origin
)

select
    words.origin,
    words.label_en as origin_en,
    words.label_zh as origin_zh,
    words.meaning_en,
    words.meaning_zh,
    cast(words.display_order as integer) as display_order,
    coalesce(counted.n_sourced, 0) as n_sourced,
    sizes.n_conversions,
    {{ ratio("coalesce(counted.n_sourced, 0)", "sizes.n_conversions") }} as sourced_share,
    {{ wilson_bound("coalesce(counted.n_sourced, 0)", "sizes.n_conversions", "low") }} as sourced_share_low,
    {{ wilson_bound("coalesce(counted.n_sourced, 0)", "sizes.n_conversions", "high") }} as sourced_share_high,
    coalesce(counted.n_marketing_influenced, 0) as n_marketing_influenced,
    coalesce(counted.n_partner_influenced, 0) as n_partner_influenced,
    '{{ var("reporting_currency") }}' as currency,
    cast(coalesce(counted.cash_minor, 0) as bigint) as cash_minor,
    {{ ratio("coalesce(counted.cash_minor, 0)", "sizes.cash_minor") }} as cash_share,
    sizes.n_conversions >= {{ policy('attribution', 'small_n_conversions') }} as has_enough_data
from words
cross join sizes
left join counted on words.origin = counted.origin
