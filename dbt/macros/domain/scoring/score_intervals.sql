{#
  Capped sums of the deltas as intervals of constant score. Before the extracts that carry behaviour
  (visits, and the forms that say whose they are) came, the score is not computable: NULL, never 0.
    deltas           name of a CTE of score_deltas()
    computable_from  expression on `presence`: the instant from which behaviour is computable, or NULL
#}
{% macro score_intervals(deltas, computable_from) -%}
with caps as (select * from {{ ref('int_scoring__cap_periods') }}),

presence as (select * from {{ ref('int_scoring__behaviour_presence') }}),

steps as (
    select
        lead_key,
        changed_at,
        cast(sum(case when score_group = 'behaviour' then delta else 0 end) as integer) as behaviour_delta,
        cast(sum(case when score_group = 'attribute' then delta else 0 end) as integer) as attribute_delta,
        -- No change of points: the lead begins, or the meaning of its points changes.
        count(*) filter (where delta = 0) as n_turns
    from {{ deltas }}
    group by lead_key, changed_at
),

raw_points as (
    select
        lead_key,
        changed_at,
        cast(sum(behaviour_delta) over history as integer) as behaviour_raw,
        cast(sum(attribute_delta) over history as integer) as attribute_raw,
        lead(changed_at) over history as changes_at
    from steps
    where behaviour_delta <> 0 or attribute_delta <> 0 or n_turns > 0
    window history as (
        partition by lead_key order by changed_at asc nulls last
        rows between unbounded preceding and current row
    )
),

-- A handful of periods of caps: comparing every step with each of them is cheap.
capped as (
    select
        raw_points.lead_key,
        raw_points.changed_at,
        raw_points.changes_at,
        case when raw_points.changed_at >= {{ computable_from }} then raw_points.behaviour_raw end
            as behaviour_raw,
        raw_points.attribute_raw,
        case
            when raw_points.changed_at >= {{ computable_from }}
                then least(caps.behaviour_cap, raw_points.behaviour_raw)
        end as behaviour_points,
        least(caps.attribute_cap, raw_points.attribute_raw) as attribute_points
    from raw_points
    cross join presence
    inner join caps
        on
            raw_points.changed_at >= caps.valid_from
            and raw_points.changed_at < coalesce(caps.valid_to, timestamp '9999-12-31 00:00:00')
)

select
    lead_key,
    changed_at as valid_from,
    changes_at as valid_to,
    behaviour_raw,
    attribute_raw,
    behaviour_points,
    attribute_points,
    behaviour_points + attribute_points as total_points
from capped
{%- endmacro %}
