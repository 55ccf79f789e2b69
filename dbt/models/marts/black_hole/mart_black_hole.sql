-- The black hole now, by cause, channel and stage: how many, for how long, what they cost, what they may be
-- worth, and a sentence that says it.
with leads as (select * from {{ ref('mart_black_hole_lead') }}),

channels as (select * from {{ ref('dim_channel') }}),

stages as (select * from {{ ref('dim_stage') }}),

sentences as (select * from {{ ref('black_hole_sentence') }} where {{ in_force_now() }}),

counted as (
    select
        cause,
        channel,
        stage,
        max(cause_en) as cause_en,
        max(cause_zh) as cause_zh,
        count(*) as n_leads,
        median(days_in_hole) as median_days,
        max(days_in_hole) as oldest_days,
        sum(sunk_cost_minor) as sunk_cost_minor,
        count(*) filter (where value_status = 'ok') as n_valued,
        sum(expected_value_minor) as expected_value_minor,
        sum(case when value_status = 'ok' then expected_value_low end) as expected_value_low,
        -- Of the same leads as the value; of those without one only where there are no others.
        coalesce(
            sum(case when value_status = 'ok' then expected_value_high end),
            sum(case when value_status = 'no_wins' then expected_value_high end)
        ) as expected_value_high,
        max(case when value_status = 'ok' then 1 else 0 end) as has_value,
        min(value_status) as value_status
    from leads
    group by cause, channel, stage
),

judged as (
    select
        counted.*,
        case when counted.has_value = 1 then 'ok' else counted.value_status end as told_status
    from counted
)

select
    {{ surrogate_key(["judged.cause", "judged.channel", "judged.stage"]) }} as black_hole_key,
    judged.cause,
    judged.cause_en,
    judged.cause_zh,
    judged.channel,
    channels.label_en as channel_en,
    channels.label_zh as channel_zh,
    judged.stage,
    stages.label_en as stage_en,
    stages.label_zh as stage_zh,
    judged.n_leads,
    judged.median_days,
    judged.oldest_days,
    '{{ var("reporting_currency") }}' as currency,
    cast(judged.sunk_cost_minor as bigint) as sunk_cost_minor,
    judged.n_valued,
    cast(judged.expected_value_minor as bigint) as expected_value_minor,
    cast(judged.expected_value_low as bigint) as expected_value_low,
    cast(judged.expected_value_high as bigint) as expected_value_high,
    judged.told_status as value_status,
{% for language in ["en", "zh"] -%}
    {{ filled("sentences.sentence_" ~ language, {
        "n": shown("judged.n_leads", 0),
        "median": shown("judged.median_days", 0),
        "oldest": shown("judged.oldest_days", 0),
        "sunk": money_text("judged.sunk_cost_minor"),
        "valued": shown("judged.n_valued", 0),
        "value": money_text("judged.expected_value_minor"),
        "low": money_text("judged.expected_value_low"),
        "high": money_text("judged.expected_value_high"),
    }) }} as verdict_{{ language }}{{ "," if not loop.last }}
{% endfor %}
from judged
inner join sentences on judged.told_status = sentences.value_status
left join channels on judged.channel = channels.channel
left join stages on judged.stage = stages.stage
