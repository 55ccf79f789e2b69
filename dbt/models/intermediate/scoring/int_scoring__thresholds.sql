-- Thresholds of the score (E04) and when they were in force.
with thresholds as ({{ rule_periods(ref('score_threshold')) }})

select
    threshold_name, threshold_op, threshold_points, rule_version, rule_from as valid_from, rule_to as valid_to
from thresholds
