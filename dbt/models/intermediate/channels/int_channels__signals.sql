-- The channel the ordered rules give to each distinct combination of source evidence, in each period
-- of the rules: readers take the row of the business day of the touch, lead or cost.
with evidence as (select * from {{ ref('int_channels__evidence') }}),

epochs as (select * from {{ ref('int_channels__epochs') }}),

platforms as (select * from {{ ref('int_channels__platforms') }}),

rules as (select * from {{ ref('channel_rule') }}),

dated as (
    select
        evidence.channel_signal_key,
        evidence.lead_source,
        evidence.utm_source,
        evidence.utm_medium,
        evidence.utm_campaign,
        evidence.click_id_type,
        case when not coalesce(platforms.is_own_referrer, false) then evidence.referrer end as referrer,
        evidence.ad_platform,
        evidence.touch_kind,
        epochs.rules_of,
        epochs.valid_from,
        epochs.valid_to,
        platforms.platform,
        platforms.site_category
    from evidence
    cross join epochs
    left join platforms
        on
            evidence.channel_signal_key = platforms.channel_signal_key
            and epochs.rules_of = platforms.rules_of
),

-- A pattern that is empty asks nothing; ^$ asks that there is no such evidence.
matched as (
    select
        dated.channel_signal_key,
        dated.rules_of,
        min(rules.rule_order) as rule_order
    from dated
    cross join rules
    where
        {{ in_force('rules', 'dated.rules_of') }}
        {% for field in [
            "lead_source", "utm_source", "utm_medium", "utm_campaign", "click_id_type", "site_category",
            "referrer", "ad_platform", "touch_kind"
        ] -%}
        and coalesce({{ regex_like("coalesce(dated." ~ field ~ ", '')", "rules." ~ field ~ "_regex") }}, true)
        {% endfor %}
    group by dated.channel_signal_key, dated.rules_of
)

select
    dated.channel_signal_key,
    dated.valid_from,
    dated.valid_to,
    dated.lead_source,
    dated.utm_source,
    dated.utm_medium,
    dated.utm_campaign,
    dated.click_id_type,
    dated.referrer,
    dated.ad_platform,
    dated.touch_kind,
    dated.platform,
    dated.site_category,
    coalesce(rules.channel, 'unknown') as channel,
    rules.rule_order as channel_rule_order,
    rules.rule_version as channel_rule_version
from dated
left join matched
    on dated.channel_signal_key = matched.channel_signal_key and dated.rules_of = matched.rules_of
left join rules on matched.rule_order = rules.rule_order and {{ in_force('rules', 'dated.rules_of') }}
