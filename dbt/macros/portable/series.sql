{#
  A query with one column of consecutive integers, both ends included; no row when last < first.
  The ends are SQL expressions, scalar subqueries included.
#}
{% macro series(first, last, column) -%}
    {{ return(adapter.dispatch('series')(first, last, column)) }}
{%- endmacro %}

{% macro default__series(first, last, column) -%}
select unnest(
    generate_series(cast({{ first }} as bigint), cast({{ last }} as bigint))
) as {{ column }}
{%- endmacro %}

{% macro spark__series(first, last, column) -%}
select ends.first_value + steps.step as {{ column }}
from (
    select cast({{ first }} as bigint) as first_value, cast({{ last }} as bigint) as last_value
) as ends
lateral view posexplode(
    sequence(ends.first_value, greatest(ends.first_value, ends.last_value))
) steps as step, unused
where ends.last_value >= ends.first_value
{%- endmacro %}

{# A query with one column of consecutive days, both ends included; no row when last < first. #}
{% macro day_series(first, last, column) -%}
    {{ return(adapter.dispatch('day_series')(first, last, column)) }}
{%- endmacro %}

{% macro default__day_series(first, last, column) -%}
select cast(
    unnest(
        generate_series(cast({{ first }} as date), cast({{ last }} as date), interval '1' day)
    ) as date
) as {{ column }}
{%- endmacro %}

{% macro spark__day_series(first, last, column) -%}
select date_add(ends.first_day, steps.step) as {{ column }}
from (select cast({{ first }} as date) as first_day, cast({{ last }} as date) as last_day) as ends
lateral view posexplode(
    sequence(ends.first_day, greatest(ends.first_day, ends.last_day))
) steps as step, unused
where ends.last_day >= ends.first_day
{%- endmacro %}
