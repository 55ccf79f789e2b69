{#
  SQL text literal of a plain string. DuckDB doubles the quote and leaves backslashes alone; Spark
  reads backslash escapes.
#}
{% macro text_literal(value) -%}
    {{ return(adapter.dispatch('text_literal')(value)) }}
{%- endmacro %}

{% macro default__text_literal(value) -%}
'{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro spark__text_literal(value) -%}
'{{ value | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}

{#
  What a regular expression argument becomes in SQL: `alias.column` stays a column (a rule read from
  a seed), anything else is a plain pattern and becomes a literal.
  Patterns must mean the same in RE2 and Java: [0-9] and [.] instead of backslash classes.
#}
{% macro pattern_sql(pattern) -%}
{% if modules.re.match('^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$', pattern) -%}
{{ pattern }}
{%- else -%}
{{ text_literal(pattern) }}
{%- endif %}
{%- endmacro %}

{# What a time zone argument becomes: an IANA name becomes a literal, anything else stays SQL. #}
{% macro zone_sql(zone) -%}
{% if zone == 'UTC' or modules.re.match('^[A-Za-z_]+(/[A-Za-z0-9_+-]+)+$', zone) -%}
'{{ zone }}'
{%- else -%}
{{ zone }}
{%- endif %}
{%- endmacro %}
