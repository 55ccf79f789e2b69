-- Of the leads that fell into the black hole for a cause, how many were found again in the days of the rule:
-- by business month of the fall, and over all whose days are over.
with intervals as (select * from {{ ref('fct_black_hole_interval') }}),

rescues as (select * from {{ ref('int_blackhole__rescues') }}),

words as (
    select distinct cause, label_en, label_zh from {{ ref('black_hole_cause') }} where {{ in_force_now() }}
),

sentences as (select * from {{ ref('black_hole_sentence') }} where {{ in_force_now() }}),

falls as (
    select
        intervals.cause,
        {{ business_month("intervals.entered_at") }} as month_start,
        rescues.is_mature,
        rescues.is_mature and rescues.is_rescued_in_time as is_rescued
    from intervals
    inner join rescues
        on intervals.lead_key = rescues.lead_key and intervals.interval_number = rescues.interval_number
),

placed as (
    select 'month' as period_kind, month_start as period_start, cause, is_mature, is_rescued from falls
    union all
    select 'all' as period_kind, cast(null as date) as period_start, cause, is_mature, is_rescued from falls
),

counted as (
    select
        period_kind,
        period_start,
        cause,
        count(*) as n_falls,
        count(*) filter (where is_mature) as n_mature,
        count(*) filter (where is_rescued) as n_rescued
    from placed
    group by period_kind, period_start, cause
),

judged as (
    select
        *,
        case
            when n_mature = 0 or (period_kind = 'month' and n_mature < n_falls) then 'immature'
            when n_mature < {{ policy("black_hole", "small_n") }} then 'small_n'
            else 'ok'
        end as ratio_status
    from counted
),

rated as (
    select
        *,
        {{ ratio("n_rescued", "n_mature", "ratio_status = 'ok'") }} as rescue_rate,
        case when ratio_status = 'ok' then {{ wilson_bound("n_rescued", "n_mature", "low") }} end as rescue_rate_low,
        case when ratio_status = 'ok' then {{ wilson_bound("n_rescued", "n_mature", "high") }} end
            as rescue_rate_high
    from judged
)

select
    {{ surrogate_key(["rated.period_kind", "rated.period_start", "rated.cause"]) }} as black_hole_rescue_key,
    rated.period_kind,
    rated.period_start,
    rated.cause,
    words.label_en as cause_en,
    words.label_zh as cause_zh,
    rated.n_falls,
    rated.n_mature,
    rated.n_rescued,
    rated.rescue_rate,
    rated.rescue_rate_low,
    rated.rescue_rate_high,
    rated.ratio_status,
{% for language in ["en", "zh"] -%}
    {{ filled("sentences.sentence_" ~ language, {
        "n": shown("rated.n_mature", 0),
        "falls": shown("rated.n_falls", 0),
        "rate": shown("100 * rated.rescue_rate"),
        "low": shown("100 * rated.rescue_rate_low"),
        "high": shown("100 * rated.rescue_rate_high"),
        "days": shown(policy("black_hole", "rescue_days"), 0),
        "small_n": shown(policy("black_hole", "small_n"), 0),
    }) }} as verdict_{{ language }}{{ "," if not loop.last }}
{% endfor %}
from rated
inner join sentences on sentences.value_status = concat('rescue_', rated.ratio_status)
left join words on rated.cause = words.cause
