{# Business day on which a month closes: a number of days after its last one. #}
{% macro closing_day(month, lag_days) -%}
cast({{ month }} + interval '1' month + interval '1' day * ({{ lag_days }} - 1) as date)
{%- endmacro %}
