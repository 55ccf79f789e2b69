{#
  What we held true of each key, and since when: one row per key x period of knowledge, half-open.
  A version counts from the first delivery at which it is the newest word, in the very order of
  latest_version(), until another one is. The last period of a key is open (known_to is NULL).
  A deletion is a version like any other (_is_deleted). A key delivered as A, B, A has three periods.
    relation   name of a CTE or relation with the staging meta columns
    key        list of key columns
    recency    columns that order versions, newest last (before the instant of delivery)
#}
{% macro version_periods(relation, key, recency=[]) -%}
select
    held.*,
    min(sighted_at) over (partition by {{ key | join(", ") }}) as first_known_at,
    sighted_at as known_from,
    lead(sighted_at) over (
        partition by {{ key | join(", ") }} order by sighted_at asc nulls last
    ) as known_to
from (
    select
        newest.*,
        -- The hash is of the content: a deletion may repeat it.
        lag(concat(_row_hash, cast(_is_deleted as {{ dbt.type_string() }}))) over (
            partition by {{ key | join(", ") }} order by sighted_at asc nulls last
        ) as held_before
    from (
        select
            ranked.*,
            max(version_rank) over (
                partition by {{ key | join(", ") }} order by sighted_at asc nulls last
                range between unbounded preceding and current row
            ) as newest_rank
        from (
            select
                sighted.*,
                row_number() over (
                    partition by {{ key | join(", ") }}
                    order by
                        {% for column in recency -%}
                        coalesce({{ column }}, case when _is_deleted then _extracted_at end) asc nulls first,
                        {% endfor -%}
                        sighted_at asc nulls last, _row_hash desc nulls last, _is_deleted asc nulls last
                ) as version_rank
            from (
                select deliveries.*, deliveries._extracted_at as sighted_at
                from {{ relation }} as deliveries
                union all
                -- The very content was delivered again later.
                select deliveries.*, sightings.last_seen_at as sighted_at
                from {{ relation }} as deliveries
                inner join {{ ref('int_time__batch_sightings') }} as sightings
                    on deliveries._batch_id = sightings.batch_id
                where sightings.last_seen_at > deliveries._extracted_at
            ) as sighted
        ) as ranked
    ) as newest
    where version_rank = newest_rank
) as held
where held_before is null or held_before <> concat(_row_hash, cast(_is_deleted as {{ dbt.type_string() }}))
{%- endmacro %}

{#
  The same, with a deletion refuting nothing: what a key said last stands until it says something else.
  Only a key that never said anything is held as its deletion shows it. The end of a period is
  spoken_to; known_to is that of version_periods().
#}
{% macro spoken_periods(relation, key, recency=[]) -%}
select
    spoken.*,
    lead(known_from) over (partition by {{ key | join(", ") }} order by known_from asc nulls last) as spoken_to
from (
    select
        periods.*,
        sum(case when _is_deleted then 0 else 1 end) over (
            partition by {{ key | join(", ") }} order by known_from asc nulls last
            rows between unbounded preceding and current row
        ) as n_spoken
    from ({{ version_periods(relation, key, recency) }}) as periods
) as spoken
where not _is_deleted or n_spoken = 0
{%- endmacro %}
