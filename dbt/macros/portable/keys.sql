{#
  md5 of a list of SQL expressions, the same on every engine and rebuild. NULL and '' differ, and no
  two different lists give the same text: each part is written with its length before it.
#}
{% macro surrogate_key(expressions) -%}
md5(concat(
    {%- for expression in expressions %}
    coalesce({{ counted_text("cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")") }}, '-')
    {{- "," if not loop.last }}
    {%- endfor %}
))
{%- endmacro %}

{# `<length>:<text>`: parts written so can be joined and taken apart again. NULL stays NULL. #}
{% macro counted_text(text) -%}
(cast(length({{ text }}) as {{ dbt.type_string() }}) || ':' || {{ text }})
{%- endmacro %}

{#
  Minor units (cents) of a DECIMAL amount, half away from zero. Widened after the one rounding,
  since DuckDB multiplies a DECIMAL(18) within 18 digits.
#}
{% macro money_minor(amount) -%}
cast(cast(round({{ amount }}, 2) as decimal(28, 2)) * 100 as bigint)
{%- endmacro %}
