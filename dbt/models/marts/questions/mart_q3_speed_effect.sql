-- If every first contact came in half the time, how many points more would become SQLs? A number only where the
-- model may be believed; else the sentence says why there is none.
with worded as (select * from {{ ref('int_questions__speed_verdicts') }}),

measures as (
    select * from {{ ref('question_measure') }} where question = 'q3' and measure = 'effect' and {{ in_force_now() }}
),

verdicts as (select * from {{ ref('question_verdict') }} where question = 'q3' and {{ in_force_now() }})

select
    worded.policy_id,
    worded.clock_start,
    worded.clock,
    measures.name_en,
    measures.name_zh,
    worded.clock_en,
    worded.clock_zh,
    worded.final_verdict as verdict,
    worded.reason as verdict_reason,
    worded.sentence = 'estimated_higher' as is_effect_shown,
    {% for end in ["", "_low", "_high"] -%}
    case when worded.final_verdict = 'estimated' then worded.adjusted_pp{{ end }} end as effect_pp{{ end }},
    {% endfor -%}
    measures.unit_en,
    measures.unit_zh,
    coalesce(worded.n_leads, 0) as n_leads,
    worded.n_contacted,
    worded.n_never,
    worded.n_converted,
    worded.n_open,
    worded.n_sql_already,
    worded.n_self_converted,
    {{ ratio("worded.n_converted", "worded.n_leads") }} as conversion_rate,
    worded.adjusted_pp as association_pp,
    worded.adjusted_pp_low as association_pp_low,
    worded.adjusted_pp_high as association_pp_high,
    100 * ({{ ratio("worded.k_fast", "worded.n_fast") }} - {{ ratio("worded.k_slow", "worded.n_slow") }}) as naive_pp,
    100 * {{ newcombe_bound("worded.k_fast", "worded.n_fast", "worded.k_slow", "worded.n_slow", "low") }}
        as naive_pp_low,
    100 * {{ newcombe_bound("worded.k_fast", "worded.n_fast", "worded.k_slow", "worded.n_slow", "high") }}
        as naive_pp_high,
    worded.placebo_pp,
    worded.placebo_pp_low,
    worded.placebo_pp_high,
    worded.overlap_share,
    worded.ripened_share,
    worded.instrument_pp,
    worded.instrument_pp_low,
    worded.instrument_pp_high,
    worded.instrument_f,
    worded.instrument_imbalance,
    worded.e_value,
{% for language in ["en", "zh"] -%}
    {{ filled("verdicts.sentence_" ~ language, {
        "effect": shown("worded.adjusted_pp", signed=true),
        "low": shown("worded.adjusted_pp_low", signed=true),
        "high": shown("worded.adjusted_pp_high", signed=true),
        "placebo": shown("worded.placebo_pp", signed=true),
        "placebo_low": shown("worded.placebo_pp_low", signed=true),
        "placebo_high": shown("worded.placebo_pp_high", signed=true),
        "overlap": shown("100 * worded.overlap_share", 0),
        "ripened": shown("100 * worded.ripened_share", 0),
        "rate": shown("100.0 * worded.n_converted / worded.n_leads"),
        "n": shown("coalesce(worded.n_leads, 0)", 0),
        "contacted": shown("coalesce(worded.n_contacted, 0)", 0),
        "converted": shown("coalesce(worded.n_converted, 0)", 0),
        "width": shown(policy("speed_effect", "max_width_pp"), 0),
    }) }} as verdict_{{ language }}{{ "," if not loop.last }}
{% endfor %}
from worded
cross join measures
inner join verdicts on worded.sentence = verdicts.verdict
