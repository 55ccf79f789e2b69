{# The UTC instant at which a business day (a date in the business time zone) begins. #}
{% macro business_day_start(day) -%}
{{ to_utc("cast(" ~ day ~ " as timestamp)", var('business_timezone')) }}
{%- endmacro %}
