-- What did customers score in the 30 days before they won, and is that more than others of the same age? One row
-- per figure and way to compute the score; a figure without enough wins is not given, and says so.
with summary as (select * from {{ ref('int_questions__win_summary') }}),

wins as (
    select count(*) as n_wins from {{ ref('int_questions__win_moments') }} where moment_kind = 'win'
),

measures as (select * from {{ ref('question_measure') }} where question = 'q2' and {{ in_force_now() }}),

kinds as (select * from {{ ref('question_segment') }} where dimension = 'score_kind' and {{ in_force_now() }}),

verdicts as (select * from {{ ref('question_verdict') }} where question = 'q2' and {{ in_force_now() }}),

-- Every figure has its row, whether it can be computed or not.
wanted as (
    select
        measures.*,
        kinds.code as score_kind,
        kinds.name_en as score_kind_en,
        kinds.name_zh as score_kind_zh
    from measures
    cross join kinds
    where
        case
            when measures.measure = 'our_touches' then kinds.code = 'none'
            when measures.measure = 'missed_share' then kinds.code = 'now'
            else kinds.code <> 'none'
        end
),

judged as (
    select
        wanted.*,
        wins.n_wins,
        coalesce(summary.n, 0) as n_compared,
        coalesce(summary.n_controls, 0) as n_controls,
        summary.figure,
        summary.figure_low,
        summary.figure_high,
        summary.value_p25,
        summary.value_median,
        summary.value_p75,
        summary.control_mean,
        summary.difference,
        summary.difference_low,
        summary.difference_high,
        case
            when wins.n_wins >= {{ policy('prewin', 'small_n') }} and coalesce(summary.n, 0) = 0 then 'not_computable'
            when coalesce(summary.n, 0) < {{ policy('prewin', 'small_n') }} then 'not_enough_data'
            else 'ok'
        end as status,
        case
            when summary.difference_low > 0 then 'higher'
            when summary.difference_high < 0 then 'lower'
            else 'same'
        end as comparison
    from wanted
    cross join wins
    left join summary on wanted.measure = summary.measure and wanted.score_kind = summary.score_kind
),

named as (
    select
        judged.*,
        case
            when status <> 'ok' then status
            when measure = 'missed_share' then 'missed_share'
            when measure = 'auc' then 'auc_' || comparison
            when measure = 'our_touches' then 'touches_' || comparison
            else 'points_' || comparison
        end as verdict
    from judged
)

select
    {{ surrogate_key(["named.measure", "named.score_kind"]) }} as prewin_figure_key,
    named.measure,
    named.score_kind,
    named.display_order,
    named.name_en,
    named.name_zh,
    named.score_kind_en,
    named.score_kind_zh,
    named.unit_en,
    named.unit_zh,
    named.n_wins,
    named.n_compared,
    named.n_controls,
    {% for column in [
        "figure", "figure_low", "figure_high", "value_p25", "value_median", "value_p75", "control_mean",
        "difference", "difference_low", "difference_high",
    ] -%}
    case when named.status = 'ok' then named.{{ column }} end as {{ column }},
    {% endfor -%}
    named.verdict,
{% for language in ["en", "zh"] -%}
    {{ filled("verdicts.sentence_" ~ language, {
        "value": shown("named.figure", 2),
        "low": shown("named.figure_low", 2),
        "high": shown("named.figure_high", 2),
        "n": shown("named.n_compared", 0),
        "control": shown("named.control_mean"),
        "difference": shown("named.difference"),
        "difference_low": shown("named.difference_low", signed=true),
        "difference_high": shown("named.difference_high", signed=true),
        "small_n": shown(policy("prewin", "small_n"), 0),
    }) }} as verdict_{{ language }}{{ "," if not loop.last }}
{% endfor %}
from named
inner join verdicts on named.verdict = verdicts.verdict
