{# The distinct values of a group in text order, joined by a plain separator. NULLs are left out. #}
{% macro distinct_sorted_text(text, separator) -%}
    {{ return(adapter.dispatch('distinct_sorted_text')(text, separator)) }}
{%- endmacro %}

{% macro default__distinct_sorted_text(text, separator) -%}
nullif(
    array_to_string(
        list_sort(list_distinct(array_agg({{ text }}))), {{ text_literal(separator) }}
    ),
    ''
)
{%- endmacro %}

{% macro spark__distinct_sorted_text(text, separator) -%}
nullif(
    array_join(array_sort(collect_set({{ text }})), {{ text_literal(separator) }}), ''
)
{%- endmacro %}

{# The values of a group in a stated order (`a, b desc`), joined by a plain separator. #}
{% macro ordered_text_agg(text, separator, order_by) -%}
    {{ return(adapter.dispatch('ordered_text_agg')(text, separator, order_by)) }}
{%- endmacro %}

{% macro default__ordered_text_agg(text, separator, order_by) -%}
string_agg({{ text }}, {{ text_literal(separator) }} order by {{ order_by }})
{%- endmacro %}

{% macro spark__ordered_text_agg(text, separator, order_by) -%}
listagg({{ text }}, {{ text_literal(separator) }}) within group (order by {{ order_by }})
{%- endmacro %}

{# Product of the rows of a window, a double. A factor of 0 stays 0: no logarithm is taken of it. #}
{% macro running_product(factor, window) -%}
    {{ return(adapter.dispatch('running_product')(factor, window)) }}
{%- endmacro %}

{% macro default__running_product(factor, window) -%}
product({{ factor }}) over {{ window }}
{%- endmacro %}

{% macro spark__running_product(factor, window) -%}
(
    case
        when min({{ factor }}) over {{ window }} <= 0 then 0.0
        else exp(sum(ln({{ factor }})) over {{ window }})
    end
)
{%- endmacro %}

{#
  Mean of a group of doubles, and its standard error (NULL below two values). Added as decimals: a sum of
  doubles depends on the order of rows in its last bits. For values up to about a million.
#}
{% macro steady_mean(value) -%}
(cast(sum(cast({{ value }} as decimal(28, 9))) as double) / count({{ value }}))
{%- endmacro %}

{% macro steady_mean_error(value) -%}
{%- set n = "count(" ~ value ~ ")" -%}
{%- set squares = "cast(sum(cast(" ~ value ~ " * " ~ value ~ " as decimal(28, 9))) as double)" -%}
case
    when {{ n }} > 1
        then sqrt(
            greatest(0, {{ squares }} - {{ n }} * {{ steady_mean(value) }} * {{ steady_mean(value) }})
            / ({{ n }} - 1) / {{ n }}
        )
end
{%- endmacro %}
