-- What a day of media was held to cost, and when: one row per state of knowledge of a spend cell. The
-- last one is what int_cost__ad_spend has in force; a withdrawn cell ends with an amount of 0.
with deliveries as (select * from {{ ref('stg_ads__ad_spend_daily') }}),

periods as (
    {{ version_periods('deliveries', [
        '_source_system', 'platform', 'account_id', 'date', 'campaign_id', 'ad_group_id',
        'keyword_id', 'match_type', 'device'
    ]) }}
),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
),

paid as (
    select
        {{ surrogate_key([
            "'ad_spend'", "_source_system", "platform", "account_id", "date", "campaign_id",
            "ad_group_id", "keyword_id", "match_type", "device"
        ]) }} as cost_key,
        periods.*,
        upper(periods.currency) as spend_currency,
        case when _is_deleted then 0 else {{ paid_media('cost', 'cost_cash', 'rebate_amount') }} end as amount
    from periods
)

select
    paid.cost_key,
    paid._source_system as source_system,
    paid.platform,
    paid.campaign_id,
    paid.date as cost_date,
    paid.known_from,
    paid.known_to,
    paid._is_deleted as is_withdrawn,
    {{ converted_minor("paid.amount", "paid.spend_currency", "rates.rate") }} as amount_minor
from paid
left join rates
    on paid.spend_currency = rates.from_currency and {{ in_force('rates', 'paid.date') }}
