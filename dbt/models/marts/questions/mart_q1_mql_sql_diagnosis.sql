-- Is it the leads or the follow-up? One row per comparison of periods and part of the change, with a sentence
-- that names the cause only where its interval is clear of 0 and points the way of the change, and where the
-- periods have enough kinds of leads in common.
with changes as (select * from {{ ref('int_questions__changes') }}),

parts as (select * from {{ ref('int_questions__parts') }}),

measures as (select * from {{ ref('question_measure') }} where question = 'q1' and {{ in_force_now() }}),

verdicts as (select * from {{ ref('question_verdict') }} where question = 'q1' and {{ in_force_now() }}),

words as (select * from {{ ref('question_segment') }} where dimension = 'direction' and {{ in_force_now() }}),

totals as (select * from parts where measure = 'change'),

mixes as (select * from parts where measure = 'mix'),

-- Where speed and skill can't be told apart they are one part, and that is what can be named.
causes as (
    select parts.*
    from parts
    inner join totals on parts.comparison_key = totals.comparison_key
    inner join changes on parts.comparison_key = changes.comparison_key
    where
        parts.measure <> 'change'
        and (parts.measure <> 'within' or changes.speed is null)
        and parts.effect_pp_low * parts.effect_pp_high > 0
        and parts.effect_pp * totals.effect_pp > 0
        and 100 * changes.one_sided_share <= {{ policy('diagnosis', 'max_one_sided_percent') }}
    qualify
        row_number() over (
            partition by parts.comparison_key
            order by abs(parts.effect_pp) desc nulls last, parts.measure asc nulls last
        ) = 1
),

judged as (
    select
        changes.*,
        totals.effect_pp,
        totals.effect_pp_low,
        totals.effect_pp_high,
        causes.effect_pp as cause_pp,
        causes.effect_pp_low as cause_pp_low,
        causes.effect_pp_high as cause_pp_high,
        mixes.effect_pp as mix_pp,
        mixes.effect_pp_low as mix_pp_low,
        mixes.effect_pp_high as mix_pp_high,
        case
            when changes.status <> 'ok' then changes.status
            when totals.effect_pp_low <= 0 and totals.effect_pp_high >= 0 then 'no_change'
            when causes.measure = 'within' and changes.has_contacts then 'within_too_thin'
            when causes.measure = 'within' then 'within_no_contacts'
            else coalesce(causes.measure, 'cause_unclear')
        end as verdict,
        case when changes.change >= 0 then 'up' else 'down' end as direction
    from changes
    inner join totals on changes.comparison_key = totals.comparison_key
    inner join mixes on changes.comparison_key = mixes.comparison_key
    left join causes on changes.comparison_key = causes.comparison_key
),

told as (
    select
        judged.comparison_key,
        judged.verdict,
    {% for language in ["en", "zh"] -%}
        {{ filled("verdicts.sentence_" ~ language, {
            "direction_" ~ language: "words.name_" ~ language,
            "size": shown("abs(judged.effect_pp)"),
            "low": shown("judged.effect_pp_low", signed=true),
            "high": shown("judged.effect_pp_high", signed=true),
            "rate_before": shown("100 * judged.rate_before"),
            "rate_now": shown("100 * judged.rate_now"),
            "cause": shown("judged.cause_pp", signed=true),
            "cause_low": shown("judged.cause_pp_low", signed=true),
            "cause_high": shown("judged.cause_pp_high", signed=true),
            "mix": shown("judged.mix_pp", signed=true),
            "mix_low": shown("judged.mix_pp_low", signed=true),
            "mix_high": shown("judged.mix_pp_high", signed=true),
            "one_sided": shown("100 * judged.one_sided_share", 0),
            "n_before": shown("judged.n_before", 0),
            "n_now": shown("judged.n_now", 0),
            "n_open": shown("judged.n_open", 0),
            "horizon_days": shown("judged.horizon_days", 0),
            "small_n": shown(policy("diagnosis", "small_n"), 0),
        }) }} as verdict_{{ language }}{{ "," if not loop.last }}
    {% endfor %}
    from judged
    inner join verdicts on judged.verdict = verdicts.verdict
    inner join words on judged.direction = words.code
)

select
    {{ surrogate_key(["changes.comparison_key", "parts.measure"]) }} as diagnosis_key,
    changes.period_kind,
    changes.period_start,
    parts.measure,
    cast(measures.display_order as integer) as display_order,
    measures.name_en,
    measures.name_zh,
    parts.effect_pp,
    parts.effect_pp_low,
    parts.effect_pp_high,
    measures.unit_en,
    measures.unit_zh,
    changes.n_before,
    changes.n_now,
    changes.n_open,
    changes.rate_before,
    changes.rate_now,
    changes.one_sided_share,
    told.verdict,
    told.verdict_en,
    told.verdict_zh
from changes
inner join parts on changes.comparison_key = parts.comparison_key
inner join measures on parts.measure = measures.measure
inner join told on changes.comparison_key = told.comparison_key
