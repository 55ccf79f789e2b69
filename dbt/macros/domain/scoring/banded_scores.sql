{#
  Score intervals with their band; a changed cut point begins a new row of a standing score. In one mode
  of knowledge or the other the same.
    intervals  relation of score_intervals()
#}
{% macro banded_scores(intervals) -%}
with bands as (select * from {{ ref('int_scoring__bands') }}),

banded as (
    select
        intervals.lead_key,
        case when bands.valid_from > intervals.valid_from then bands.valid_from else intervals.valid_from end
            as valid_from,
        least(intervals.valid_to, bands.valid_to) as valid_to,
        intervals.behaviour_raw,
        intervals.attribute_raw,
        intervals.behaviour_points,
        intervals.attribute_points,
        intervals.total_points,
        bands.band,
        bands.rule_version as band_rule_version
    from {{ intervals }} as intervals
    left join bands
        on
            intervals.total_points >= bands.min_points
            and intervals.total_points <= bands.max_points
            and intervals.valid_from < coalesce(bands.valid_to, timestamp '9999-12-31 00:00:00')
            and coalesce(intervals.valid_to, timestamp '9999-12-31 00:00:00') > bands.valid_from
)

select
    {{ surrogate_key(["lead_key", "valid_from"]) }} as lead_score_key,
    lead_key,
    valid_from,
    valid_to,
    behaviour_raw,
    attribute_raw,
    behaviour_points,
    attribute_points,
    total_points,
    behaviour_raw - behaviour_points as behaviour_clipped,
    attribute_raw - attribute_points as attribute_clipped,
    band,
    band_rule_version
from banded
{%- endmacro %}
