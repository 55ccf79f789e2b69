with scores as (select * from {{ ref('fct_lead_score') }}),

thresholds as (select * from {{ ref('score_threshold') }}),

judged as (
    select
        scores.lead_key,
        scores.valid_from as crossed_at,
        thresholds.threshold_name,
        thresholds.rule_version,
        scores.total_points,
        case thresholds.threshold_op
            when 'gt' then scores.total_points > thresholds.threshold_points
            when 'gte' then scores.total_points >= thresholds.threshold_points
        end as is_above
    from scores
    inner join thresholds on {{ in_force('thresholds', business_date('scores.valid_from')) }}
),

crossings as (
    select *
    from judged
    qualify
        is_above
        and not coalesce(
            lag(is_above) over (partition by lead_key, threshold_name order by crossed_at asc nulls last),
            false
        )
)

select
    {{ surrogate_key(["lead_key", "threshold_name", "crossed_at"]) }} as score_crossing_key,
    lead_key,
    threshold_name,
    rule_version,
    crossed_at,
    total_points,
    cast(row_number() over (
        partition by lead_key, threshold_name order by crossed_at asc nulls last
    ) as integer) as crossing_number
from crossings
