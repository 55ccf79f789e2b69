{#
  Signed changes of the points of each lead and group, up to the as-of instant; and, without a change,
  the lead's beginning and the instants at which the meaning of all scores changes.
    leads           name of a CTE: lead_key, starts_at
    items           name of a CTE of item_intervals()
    attributes      name of a CTE of attribute_periods()
    turning_points  name of a CTE: turns_at
#}
{% macro score_deltas(leads, items, attributes, turning_points) -%}
with as_of as (select as_of from {{ ref('int_time__as_of') }}),

deltas as (
    select lead_key, 'behaviour' as score_group, valid_from as changed_at, points_change as delta
    from {{ items }}
    where points_change <> 0
    union all
    select lead_key, 'attribute' as score_group, valid_from as changed_at, points as delta
    from {{ attributes }}
    union all
    select lead_key, 'attribute' as score_group, valid_to as changed_at, -points as delta
    from {{ attributes }}
    where valid_to is not null
    union all
    select scored.lead_key, 'behaviour' as score_group, turning.turns_at as changed_at, 0 as delta
    from {{ leads }} as scored
    inner join {{ turning_points }} as turning on turning.turns_at > scored.starts_at
)

select lead_key, 'behaviour' as score_group, starts_at as changed_at, 0 as delta
from {{ leads }}
union all
select deltas.lead_key, deltas.score_group, deltas.changed_at, deltas.delta
from deltas
cross join as_of
where deltas.changed_at <= as_of.as_of
{%- endmacro %}
