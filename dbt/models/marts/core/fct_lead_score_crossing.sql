with scores as (select * from {{ ref('int_scoring__intervals') }}),

thresholds as (select * from {{ ref('int_scoring__thresholds') }}),

-- One row per lead, threshold and period in which neither the score nor the threshold changes.
judged as (
    select
        scores.lead_key,
        case when thresholds.valid_from > scores.valid_from then thresholds.valid_from else scores.valid_from end
            as crossed_at,
        thresholds.valid_from > scores.valid_from as is_by_rule,
        thresholds.threshold_name,
        thresholds.rule_version,
        scores.total_points,
        {{ is_beyond("scores.total_points", "thresholds.threshold_points", "thresholds.threshold_op") }} as is_above
    from scores
    inner join thresholds
        on
            scores.valid_from < coalesce(thresholds.valid_to, timestamp '9999-12-31 00:00:00')
            and coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00') > thresholds.valid_from
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
    case when is_by_rule then 'rule' else 'score' end as crossing_cause,
    total_points,
    cast(row_number() over (
        partition by lead_key, threshold_name order by crossed_at asc nulls last
    ) as integer) as crossing_number
from crossings
