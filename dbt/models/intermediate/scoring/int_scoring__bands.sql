-- Bands of the score (E09) and when they were in force.
with bands as ({{ rule_periods(ref('score_band')) }})

select band, band_rank, min_points, max_points, rule_version, rule_from as valid_from, rule_to as valid_to
from bands
