-- The thresholds to try out, each with the operator in force, and the one in force, tried out or not.
with ranges as (select * from {{ ref('threshold_whatif') }} where {{ in_force_now() }}),

thresholds as (select * from {{ ref('score_threshold') }} where {{ in_force_now() }}),

-- One number at least, where no range is in force.
all_points as (
    {{ series(
        "(select coalesce(min(first_points), 0) from ranges)",
        "(select coalesce(max(last_points), 0) from ranges)",
        "cut_points"
    ) }}
),

cuts as (
    select ranges.threshold_name, cast(all_points.cut_points as integer) as cut_points
    from all_points
    inner join ranges
        on all_points.cut_points >= ranges.first_points and all_points.cut_points <= ranges.last_points
    union
    select threshold_name, cast(threshold_points as integer) as cut_points from thresholds
)

select
    cuts.threshold_name,
    cuts.cut_points,
    thresholds.threshold_op,
    cuts.cut_points = thresholds.threshold_points as is_in_force,
    ranges.label_stage,
    ranges.outcome_days,
    ranges.capacity_side
from cuts
inner join ranges on cuts.threshold_name = ranges.threshold_name
inner join thresholds on cuts.threshold_name = thresholds.threshold_name
