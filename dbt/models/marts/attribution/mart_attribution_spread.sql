with cells as (select * from {{ ref('mart_attribution_channel') }}),

sentences as (select * from {{ ref('attribution_verdict') }} where {{ in_force_now() }}),

ranked as (
    select
        *,
        row_number() over (
            partition by channel order by credit_micro asc nulls last, display_order asc nulls last
        ) as place_from_below,
        row_number() over (
            partition by channel order by credit_micro desc nulls last, display_order asc nulls last
        ) as place_from_above
    from cells
),

spreads as (
    select
        channel, channel_en, channel_zh, n_conversions, n_conversions_touched, currency,
        count(*) as n_models,
        max(attribution_model) filter (where place_from_below = 1) as lowest_model,
        max(model_en) filter (where place_from_below = 1) as lowest_model_en,
        max(model_zh) filter (where place_from_below = 1) as lowest_model_zh,
        max(attribution_model) filter (where place_from_above = 1) as highest_model,
        max(model_en) filter (where place_from_above = 1) as highest_model_en,
        max(model_zh) filter (where place_from_above = 1) as highest_model_zh,
        min(credit_share) as lowest_share,
        max(credit_share) as highest_share,
        max(credit_micro) - min(credit_micro) as model_spread_micro,
        min(cash_minor) as lowest_cash_minor,
        max(cash_minor) as highest_cash_minor
    from ranked
    group by channel, channel_en, channel_zh, n_conversions, n_conversions_touched, currency
),

judged as (
    select
        *,
        case
            when channel = '(unattributed)' then 'unattributed'
            when n_conversions_touched = 0 then 'no_conversion'
            when n_conversions_touched < {{ policy('attribution', 'small_n_conversions') }} then 'small_n'
            when highest_share - lowest_share <= {{ policy('attribution', 'agreeing_spread_percent') }} / 100.0
                then 'agree'
            else 'depends_on_model'
        end as verdict
    from spreads
)

select
    judged.channel,
    judged.channel_en,
    judged.channel_zh,
    judged.n_conversions,
    judged.n_conversions_touched,
    judged.n_models,
    judged.lowest_model,
    judged.lowest_share,
    judged.highest_model,
    judged.highest_share,
    judged.highest_share - judged.lowest_share as model_spread,
    cast(judged.model_spread_micro as bigint) as model_spread_micro,
    judged.currency,
    judged.lowest_cash_minor,
    judged.highest_cash_minor,
    judged.verdict,
    {{ sentence_with("sentences.sentence_en", {
        "low": percent_text("judged.lowest_share"), "low_model": "judged.lowest_model_en",
        "high": percent_text("judged.highest_share"), "high_model": "judged.highest_model_en",
        "n": "judged.n_conversions_touched",
    }) }} as verdict_en,
    {{ sentence_with("sentences.sentence_zh", {
        "low": percent_text("judged.lowest_share"), "low_model": "judged.lowest_model_zh",
        "high": percent_text("judged.highest_share"), "high_model": "judged.highest_model_zh",
        "n": "judged.n_conversions_touched",
    }) }} as verdict_zh
from judged
left join sentences on judged.verdict = sentences.verdict
