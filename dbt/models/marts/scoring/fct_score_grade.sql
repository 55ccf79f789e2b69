with grades as (select * from {{ ref('int_scoring__manual_grades') }}),

scores as (select * from {{ ref('fct_lead_score') }}),

rules as (select * from {{ ref('score_grade') }}),

bands as (select * from {{ ref('int_scoring__bands') }} where valid_to is null),

judged as (
    select
        grades.*,
        rules.band as manual_band,
        rules.rule_version
    from grades
    left join rules
        on
            grades.grade_source = rules.grade_source
            and lower({{ half_width("grades.grade_value") }}) = rules.grade_value
            and {{ in_force('rules', business_date('grades.judged_at')) }}
)

select
    judged.score_grade_key,
    judged.lead_key,
    judged.grade_source,
    judged.user_id,
    judged.judged_at,
    judged.known_at,
    judged.manual_band,
    manual_bands.band_rank as manual_rank,
    scores.total_points,
    scores.band as rule_band,
    rule_bands.band_rank as rule_rank,
    judged.manual_band = scores.band as is_agreement,
    judged.rule_version
from judged
left join scores
    on
        judged.lead_key = scores.lead_key
        and judged.judged_at >= scores.valid_from
        and judged.judged_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
left join bands as manual_bands on judged.manual_band = manual_bands.band
left join bands as rule_bands on scores.band = rule_bands.band
