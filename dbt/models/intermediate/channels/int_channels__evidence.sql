-- Each distinct combination of source evidence: rules run once per combination, never once per row.
with lead_versions as (select * from {{ ref('stg_crm__leads') }}),

sessions as (select * from {{ ref('int_web__sessions') }}),

ad_spend as (select * from {{ ref('int_cost__ad_spend') }}),

other_costs as (select * from {{ ref('int_cost__other_costs') }}),

interactions as (select * from {{ ref('int_touchpoints__interactions') }}),

evidence as (
    -- Former versions too: what we knew of a lead then had a channel as well.
    select
        lead_source, utm_source, utm_medium, utm_campaign, click_id_type, null as referrer,
        null as ad_platform, null as touch_kind
    from lead_versions
    union
    select
        null as lead_source, utm_source, utm_medium, utm_campaign, click_id_type, referrer,
        null as ad_platform, 'web_session' as touch_kind
    from sessions
    union
    select
        null as lead_source, null as utm_source, null as utm_medium, null as utm_campaign,
        null as click_id_type, null as referrer, platform as ad_platform, null as touch_kind
    from ad_spend
    union
    select
        channel as lead_source, null as utm_source, null as utm_medium, null as utm_campaign,
        null as click_id_type, null as referrer, null as ad_platform, null as touch_kind
    from other_costs
    union
    select
        null as lead_source, utm_source, utm_medium, utm_campaign, click_id_type, referrer,
        null as ad_platform, touch_kind
    from interactions
)

select distinct
    {{ channel_signal_key(
        "lead_source", "utm_source", "utm_medium", "utm_campaign", "click_id_type", "referrer",
        "ad_platform", "touch_kind"
    ) }} as channel_signal_key,
    lower(lead_source) as lead_source,
    lower(utm_source) as utm_source,
    lower(utm_medium) as utm_medium,
    lower(utm_campaign) as utm_campaign,
    lower(click_id_type) as click_id_type,
    lower(referrer) as referrer,
    lower(ad_platform) as ad_platform,
    lower(touch_kind) as touch_kind
from evidence
