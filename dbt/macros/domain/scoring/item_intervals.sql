{#
  How many hits of an item a lead has, and what they earn: one row per lead, item version and interval
  in which both stand still. Hits are counted from the oldest version to the newest, max_count of them;
  `n_skipped` are the first ones that never count (a first visit is no repeat visit).
    hits  name of a CTE of lead_hits()
#}
{% macro item_intervals(hits) -%}
with item_versions as (select * from {{ ref('int_scoring__item_versions') }}),

changes as (
    select lead_key, score_item, through_version, valid_from as changed_at, 1 as change
    from {{ hits }}
    union all
    select lead_key, score_item, through_version, valid_to as changed_at, -1 as change
    from {{ hits }}
    where valid_to is not null
),

-- Hits through this version, and those of the versions before it.
steps as (
    select
        changes.lead_key,
        changes.score_item,
        item_versions.version_number,
        changes.changed_at,
        cast(sum(
            case when changes.through_version = item_versions.version_number then changes.change else 0 end
        ) as integer) as through_change,
        cast(sum(
            case when changes.through_version < item_versions.version_number then changes.change else 0 end
        ) as integer) as before_change
    from changes
    inner join item_versions
        on
            changes.score_item = item_versions.score_item
            and changes.through_version >= item_versions.version_number - 1
            and changes.through_version <= item_versions.version_number
    group by changes.lead_key, changes.score_item, item_versions.version_number, changes.changed_at
),

counts as (
    select
        lead_key,
        score_item,
        version_number,
        changed_at,
        through_change,
        before_change,
        sum(through_change) over history as n_through,
        sum(before_change) over history as n_before,
        lead(changed_at) over history as valid_to
    from steps
    where through_change <> 0 or before_change <> 0
    window history as (
        partition by lead_key, score_item, version_number order by changed_at asc nulls last
        rows between unbounded preceding and current row
    )
),

judged as (
    select
        counts.lead_key,
        counts.score_item,
        counts.version_number,
        item_versions.rule_version,
        counts.changed_at,
        counts.valid_to,
        cast(counts.n_through - counts.n_before as integer) as n_hits,
        {{ counted_hits("counts.n_through", "counts.n_before") }} as n_counted,
        {{ counted_hits("(counts.n_through - counts.through_change)", "(counts.n_before - counts.before_change)") }}
            as n_counted_before,
        item_versions.points
    from counts
    inner join item_versions
        on
            counts.score_item = item_versions.score_item
            and counts.version_number = item_versions.version_number
)

select
    lead_key,
    score_item,
    version_number,
    rule_version,
    n_hits,
    n_counted,
    n_counted * points as points,
    (n_counted - n_counted_before) * points as points_change,
    changed_at as valid_from,
    valid_to
from judged
{%- endmacro %}

{# Hits of a version that count: those with a place after the skipped ones and within the maximum. #}
{% macro counted_hits(n_through, n_before) -%}
cast(greatest(
    0,
    least({{ n_through }}, item_versions.max_count + item_versions.n_skipped)
    - greatest({{ n_before }}, item_versions.n_skipped)
) as integer)
{%- endmacro %}
