{#
  The newest version of each key, with the instants we first had any version of it (first_known_at)
  and this very version (version_known_at).
  Ties are broken by content (_row_hash), never by file or line, so that the order, splitting and
  repetition of deliveries change nothing.
    relation   name of a CTE or relation with the staging meta columns
    key        list of key columns
    recency    columns that order versions, newest last (before the last time we saw the row)
#}
{% macro latest_version(relation, key, recency=[]) -%}
select
    deliveries.*,
    min(deliveries._extracted_at) over (partition by {{ key | join(", ") }}) as first_known_at,
    min(deliveries._extracted_at) over (partition by {{ key | join(", ") }}, _row_hash) as version_known_at
from {{ relation }} as deliveries
left join {{ ref('int_time__batch_sightings') }} as sightings
    on deliveries._batch_id = sightings.batch_id
qualify
    row_number() over (
        partition by {{ key | join(", ") }}
        order by
            {% for column in recency -%}
            -- Loaders often leave the change date of a tombstone empty.
            coalesce({{ column }}, case when _is_deleted then _extracted_at end) desc nulls last,
            {% endfor -%}
            greatest(_extracted_at, coalesce(sightings.last_seen_at, _extracted_at)) desc nulls last,
            _row_hash asc nulls last
    ) = 1
{%- endmacro %}
