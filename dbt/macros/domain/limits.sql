{# Seconds of a row of seeds/rules/sales_limit.csv; NULL for one that counts times. #}
{% macro limit_seconds(limits) -%}
case {{ limits }}.unit
    when 'seconds' then {{ limits }}.limit_value
    when 'minutes' then {{ limits }}.limit_value * 60
    when 'hours' then {{ limits }}.limit_value * 3600
    when 'days' then {{ limits }}.limit_value * 86400
end
{%- endmacro %}

{# True when a measured value is beyond its limit: gt, the limit itself is still within; gte, it is beyond. #}
{% macro is_beyond(measured, limit, boundary) -%}
case {{ boundary }}
    when 'gt' then {{ measured }} > {{ limit }}
    when 'gte' then {{ measured }} >= {{ limit }}
end
{%- endmacro %}

{#
  Instant some seconds later, to the microsecond. Whole seconds and the rest apart: DuckDB multiplies an
  interval by 32 bits only.
#}
{% macro seconds_later(instant, seconds) -%}
(
    {{ instant }}
    + cast(floor({{ seconds }}) as integer) * interval '1' second
    + cast(round(({{ seconds }} - floor({{ seconds }})) * 1000000) as integer) * interval '1' microsecond
)
{%- endmacro %}
