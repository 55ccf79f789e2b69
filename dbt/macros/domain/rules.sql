{#
  True when a versioned rule row is in force at an instant (half-open: valid_from <= at < valid_to).
    rule  alias of the rule relation; it has valid_from and valid_to dates, valid_to may be NULL
    at    expression of type date: business_date() of an instant
#}
{% macro in_force(rule, at) -%}
({{ rule }}.valid_from <= {{ at }} and ({{ rule }}.valid_to is null or {{ at }} < {{ rule }}.valid_to))
{%- endmacro %}

{# One parameter of seeds/rules/measure_policy.csv in force now, as a scalar subquery. #}
{% macro policy(measure, parameter) -%}
(
    select max(policy.param_value)
    from {{ ref('measure_policy') }} as policy
    where
        policy.measure = '{{ measure }}'
        and policy.parameter = '{{ parameter }}'
        and {{ in_force_now('policy') }}
)
{%- endmacro %}

{# Business day (a date in the business time zone) of a UTC instant. #}
{% macro business_date(instant) -%}
cast({{ to_local(instant, var('business_timezone')) }} as date)
{%- endmacro %}

{# First day of the business month of a UTC instant. #}
{% macro business_month(instant) -%}
cast(date_trunc('month', {{ to_local(instant, var('business_timezone')) }}) as date)
{%- endmacro %}

{# The instant up to which an extract of a day knows: the last second of the day at the source. #}
{% macro end_of_extract_day(day) -%}
{{ to_utc("cast(" ~ day ~ " as timestamp) + interval '1' day", var('source_timezone')) }} - interval '1' second
{%- endmacro %}

{# True when a versioned rule row is in force on the as-of day; for rules that apply as a whole. #}
{% macro in_force_now(rule="") -%}
{%- set prefix = rule ~ "." if rule else "" -%}
{%- set today = "(select " ~ business_date("as_of") ~ " from " ~ ref('int_time__as_of') ~ ")" -%}
(
    coalesce({{ prefix }}valid_from <= {{ today }}, true)
    and coalesce({{ today }} < {{ prefix }}valid_to, true)
)
{%- endmacro %}
