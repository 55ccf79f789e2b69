{#
  Periods of knowledge: rows with known_from (we held it true from then on) and known_to (until then;
  NULL = still), half-open, as version_periods() gives them.
#}

{# Condition: a row was held true at an instant. #}
{% macro known_at_instant(row, instant) -%}
({{ row }}.known_from <= {{ instant }} and coalesce({{ row }}.known_to > {{ instant }}, true))
{%- endmacro %}

{#
  Adjacent periods that say the same become one.
    relation  has `columns`, known_from and known_to; periods of equal columns never overlap
    columns   what a row says, keys included
#}
{% macro merged_periods(relation, columns) -%}
select
    {{ columns | join(", ") }},
    min(known_from) as known_from,
    -- The last period is open when any of its parts is.
    case when count(*) = count(known_to) then max(known_to) end as known_to
from (
    select
        starts.*,
        sum(is_start) over (
            partition by {{ columns | join(", ") }} order by known_from asc nulls last
            rows between unbounded preceding and current row
        ) as island
    from (
        select
            pieces.*,
            case
                when lag(known_to) over (
                    partition by {{ columns | join(", ") }} order by known_from asc nulls last
                ) = known_from then 0
                else 1
            end as is_start
        from {{ relation }} as pieces
    ) as starts
) as islands
group by {{ columns | join(", ") }}, island
{%- endmacro %}

{#
  The instants at which what we know of a key changes, each with the next one (the period in which
  nothing changes): key, known_from, known_to.
    relations  names of CTEs with the key, known_from and known_to
#}
{% macro knowledge_epochs(relations, key) -%}
select
    {{ key }},
    instant as known_from,
    lead(instant) over (partition by {{ key }} order by instant asc nulls last) as known_to
from (
    {% for relation in relations -%}
    select {{ key }}, known_from as instant from {{ relation }}
    union
    select {{ key }}, known_to as instant from {{ relation }} where known_to is not null
    {{ "union" if not loop.last }}
    {% endfor -%}
) as instants
{%- endmacro %}
