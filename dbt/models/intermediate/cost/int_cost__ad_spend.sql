-- Daily ad spend in force: platforms restate, the last extract wins, every version stays in staging.
with deliveries as (select * from {{ ref('stg_ads__ad_spend_daily') }}),

latest as (
    {{ latest_version('deliveries', [
        '_source_system', 'platform', 'account_id', 'date', 'campaign_id', 'ad_group_id',
        'keyword_id', 'match_type', 'device'
    ]) }}
)

select
    {{ surrogate_key([
        "'ad_spend'", "_source_system", "platform", "account_id", "date", "campaign_id",
        "ad_group_id", "keyword_id", "match_type", "device"
    ]) }} as cost_key,
    _source_system as source_system,
    platform,
    account_id,
    date as cost_date,
    campaign_id,
    campaign_name,
    keyword_id,
    keyword_text,
    impressions,
    clicks,
    -- What was paid: cash clicks where the platform reports them, else list price less rebate.
    {{ paid_media('cost', 'cost_cash', 'rebate_amount') }} as amount,
    cost as list_amount,
    currency,
    first_known_at,
    version_known_at as known_at
from latest
where not _is_deleted
