{#
  The longest periods that the rows of a key cover together: rows that overlap or touch become one.
  Half-open, valid_to NULL = open; a row that ends before it begins covers nothing.
    relation  name of a CTE or relation with the key, valid_from and valid_to
    key       list of key columns
    first_of  columns taken from the first row of the period, by the column `place`
#}
{% macro joined_periods(relation, key, first_of=[]) -%}
{%- set keys = key | join(", ") -%}
{%- set forever = "timestamp '9999-12-31 00:00:00'" -%}
select
    {{ keys }},
    min(valid_from) as valid_from,
    nullif(max(ends_at), {{ forever }}) as valid_to
    {%- for column in first_of %},
    min_by({{ column }}, place) as {{ column }}
    {%- endfor %}
from (
    select
        begun.*,
        sum(begins_period) over (
            partition by {{ keys }} order by valid_from asc nulls last, ends_at asc nulls last
            rows between unbounded preceding and current row
        ) as period_number
    from (
        select
            ending.*,
            case
                when valid_from <= max(ends_at) over (
                    partition by {{ keys }} order by valid_from asc nulls last, ends_at asc nulls last
                    rows between unbounded preceding and 1 preceding
                ) then 0
                else 1
            end as begins_period
        from (
            -- Most rows are open: they are one row from here on.
            select
                {{ keys }},
                coalesce(valid_to, {{ forever }}) as ends_at,
                min(valid_from) as valid_from
                {%- for column in first_of %},
                min_by({{ column }}, place) as {{ column }}
                {%- endfor %}
                {%- if first_of %},
                min(place) as place
                {%- endif %}
            from {{ relation }}
            where valid_from < coalesce(valid_to, {{ forever }})
            group by {{ keys }}, coalesce(valid_to, {{ forever }})
        ) as ending
    ) as begun
) as numbered
group by {{ keys }}, period_number
{%- endmacro %}
