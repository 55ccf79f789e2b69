-- Each distinct combination of source evidence and the channel the ordered rules give it: rules run
-- once per combination, never once per row.
-- What a lead once said counts too: features of a learned score look at the row held then.
with leads as (select * from {{ ref('stg_crm__leads') }}),

sessions as (select * from {{ ref('int_web__sessions') }}),

ad_spend as (select * from {{ ref('int_cost__ad_spend') }}),

other_costs as (select * from {{ ref('int_cost__other_costs') }}),

interactions as (select * from {{ ref('int_touchpoints__interactions') }}),

rules as (select * from {{ ref('channel_rule') }} where {{ in_force_now() }}),

signals as (
    select lead_source, utm_source, utm_medium, click_id_type, null as platform, null as touch_kind
    from leads
    union
    select
        null as lead_source, utm_source, utm_medium, click_id_type, null as platform,
        'web_session' as touch_kind
    from sessions
    union
    select
        null as lead_source, null as utm_source, null as utm_medium, null as click_id_type, platform,
        null as touch_kind
    from ad_spend
    union
    select
        channel as lead_source, null as utm_source, null as utm_medium, null as click_id_type,
        null as platform, null as touch_kind
    from other_costs
    union
    select
        null as lead_source, utm_source, utm_medium, null as click_id_type, null as platform, touch_kind
    from interactions
),

keyed as (
    select distinct
        {{ channel_signal_key(
            "lead_source", "utm_source", "utm_medium", "click_id_type", "platform", "touch_kind"
        ) }} as channel_signal_key,
        lower(lead_source) as lead_source,
        lower(utm_source) as utm_source,
        lower(utm_medium) as utm_medium,
        lower(click_id_type) as click_id_type,
        lower(platform) as platform,
        lower(touch_kind) as touch_kind
    from signals
),

matched as (
    select
        keyed.*,
        rules.rule_order,
        rules.rule_version,
        rules.channel
    from keyed
    left join rules
        on
    {% for field in ["lead_source", "utm_source", "utm_medium", "click_id_type", "platform", "touch_kind"] -%}
        (
            rules.{{ field }}_regex is null
            or coalesce({{ regex_like("keyed." ~ field, "rules." ~ field ~ "_regex") }}, false)
        )
        {%- if not loop.last %} and{% endif %}
    {% endfor %}
)

select
    channel_signal_key,
    lead_source,
    utm_source,
    utm_medium,
    click_id_type,
    platform,
    touch_kind,
    coalesce(channel, 'unknown') as channel,
    rule_order as channel_rule_order,
    rule_version as channel_rule_version
from matched
qualify
    row_number() over (partition by channel_signal_key order by rule_order asc nulls last) = 1
