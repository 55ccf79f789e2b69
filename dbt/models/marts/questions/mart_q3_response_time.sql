-- How long do leads wait for us? Median and 90th percentile by Kaplan-Meier, who was never contacted still
-- waiting today; a mean is not shown, it does not exist while somebody waits.
with waits as (select * from {{ ref('int_questions__waits') }}),

clocks as (select * from {{ ref('int_questions__waiting') }}),

policies as (
    select * from {{ ref('sla_policy') }} where clock_start in ('created', 'assigned') and {{ in_force_now() }}
),

measures as (
    select * from {{ ref('question_measure') }}
    where question = 'q3' and measure = 'response_time' and {{ in_force_now() }}
),

verdicts as (select * from {{ ref('question_verdict') }} where question = 'q3_time' and {{ in_force_now() }}),

reached as (select * from {{ ref('question_segment') }} where dimension = 'stop_level' and {{ in_force_now() }}),

placed as (
    select clocks.*, 'all' as period_kind, cast(null as date) as period_start from clocks
    union all
    select clocks.*, 'month' as period_kind, {{ business_month("clocks.started_at") }} as period_start from clocks
),

counted as (
    select
        policy_id,
        period_kind,
        period_start,
        count(*) as n_leads,
        count(stopped_at) as n_contacted,
        count(*) filter (where status = 'not_computable') as n_not_computable,
        count(*) filter (where is_mature and status in ('met', 'breached')) as n_due,
        count(*) filter (where is_mature and status = 'met') as n_met
    from placed
    group by policy_id, period_kind, period_start
),

-- A share that is exactly one half must not depend on the last bit of a product.
quantiles as (
    select
        policy_id,
        period_kind,
        period_start,
    {% for share, name in [("0.500000000001", "median"), ("0.100000000001", "p90")] -%}
    min(elapsed_seconds) filter (where waiting <= {{ share }}) / 3600 as {{ name }}_hours,
    min(elapsed_seconds) filter (where waiting_low <= {{ share }}) / 3600 as {{ name }}_hours_low,
    min(elapsed_seconds) filter (where waiting_high <= {{ share }}) / 3600 as {{ name }}_hours_high
    {{- "," if not loop.last }}
    {% endfor %}
    from waits
    group by policy_id, period_kind, period_start
),

judged as (
    select
        counted.*,
        {% for name in ["median", "p90"] -%}
        quantiles.{{ name }}_hours,
        quantiles.{{ name }}_hours_low,
        quantiles.{{ name }}_hours_high,
        {% endfor -%}
        case
            when n_not_computable > 0 then 'not_computable'
            when n_leads < {{ policy('speed_effect', 'small_n') }} then 'not_enough_data'
            when quantiles.median_hours is null then 'median_not_reached'
            when quantiles.p90_hours is null then 'p90_not_reached'
            else 'ok'
        end as verdict
    from counted
    left join quantiles
        on
            counted.policy_id = quantiles.policy_id
            and counted.period_kind = quantiles.period_kind
            and counted.period_start is not distinct from quantiles.period_start
)

select
    {{ surrogate_key(["judged.policy_id", "judged.period_kind", "judged.period_start"]) }} as response_time_key,
    judged.policy_id,
    policies.label_en as name_en,
    policies.label_zh as name_zh,
    judged.period_kind,
    judged.period_start,
    policies.clock_start,
    policies.stop_level,
    policies.clock,
    judged.n_leads,
    judged.n_contacted,
    {% for name in ["median", "p90"] -%}
    {% for end in ["", "_low", "_high"] -%}
    case when judged.verdict <> 'not_enough_data' then judged.{{ name }}_hours{{ end }} end
        as {{ name }}_hours{{ end }},
    {% endfor -%}
    {% endfor -%}
    measures.unit_en,
    measures.unit_zh,
    judged.n_due,
    case when judged.verdict <> 'not_computable' then judged.n_met end as n_met,
    {{ ratio("judged.n_met", "judged.n_due", "judged.verdict <> 'not_computable'") }} as share_in_time,
    case when judged.verdict <> 'not_computable' then {{ wilson_bound("judged.n_met", "judged.n_due", "low") }} end
        as share_in_time_low,
    case when judged.verdict <> 'not_computable' then {{ wilson_bound("judged.n_met", "judged.n_due", "high") }} end
        as share_in_time_high,
    judged.verdict,
{% for language in ["en", "zh"] -%}
    {{ filled("verdicts.sentence_" ~ language, {
        "n": shown("judged.n_leads", 0),
        "reached": "reached.name_" ~ language,
        "contacted": shown("judged.n_contacted", 0),
        "median": shown("judged.median_hours"),
        "median_low": shown("judged.median_hours_low"),
        "median_high": shown("judged.median_hours_high"),
        "p90": shown("judged.p90_hours"),
        "open": shown("(judged.n_leads - judged.n_contacted)", 0),
        "small_n": shown(policy("speed_effect", "small_n"), 0),
    }) }} as verdict_{{ language }}{{ "," if not loop.last }}
{% endfor %}
from judged
cross join measures
inner join policies on judged.policy_id = policies.policy_id
inner join reached on policies.stop_level = reached.code
inner join verdicts on judged.verdict = verdicts.verdict
