{#
  numerator / denominator as a double; NULL, never 0 or infinity, when the denominator is NULL or 0
  or the condition does not hold.
#}
{% macro ratio(numerator, denominator, condition="true") -%}
case
    when {{ denominator }} <> 0 and {{ condition }}
        then cast({{ numerator }} as double) / cast({{ denominator }} as double)
end
{%- endmacro %}

{#
  Wilson score bound (95 %) of the proportion k / n; NULL when n = 0. E. B. Wilson, JASA 22 (1927).
  Rounding must not put 0 / n below its low bound, nor n / n above its high one.
    side  'low' or 'high'
    z     standard errors on each side, where it is not 95 %
#}
{% macro wilson_bound(k, n, side, z="1.959963984540054") -%}
{%- set p = "(cast(" ~ k ~ " as double) / " ~ n ~ ")" -%}
{%- set centre = "(" ~ p ~ " + " ~ z ~ " * " ~ z ~ " / (2.0 * " ~ n ~ "))" -%}
{%- set spread = z ~ " * sqrt(" ~ p ~ " * (1 - " ~ p ~ ") / " ~ n ~ " + " ~ z ~ " * " ~ z ~ " / (4.0 * " ~ n ~ " * " ~ n ~ "))" -%}
case
    when {{ n }} > 0
        then
            {% if side == "low" -%}
            least({{ p }}, greatest(0.0, ({{ centre }} - {{ spread }}) / (1 + {{ z }} * {{ z }} / {{ n }})))
            {%- else -%}
            greatest({{ p }}, least(1.0, ({{ centre }} + {{ spread }}) / (1 + {{ z }} * {{ z }} / {{ n }})))
            {%- endif %}
end
{%- endmacro %}

{#
  Bound (95 %) of the difference of two independent proportions k1 / n1 - k2 / n2, as a fraction:
  the hybrid of two Wilson scores. R. G. Newcombe, Stat. Med. 17 (1998), method 10. NULL when a side is empty.
    side  'low' or 'high'
    z     as above
#}
{% macro newcombe_bound(k1, n1, k2, n2, side, z="1.959963984540054") -%}
{%- set p1 = "(cast(" ~ k1 ~ " as double) / " ~ n1 ~ ")" -%}
{%- set p2 = "(cast(" ~ k2 ~ " as double) / " ~ n2 ~ ")" -%}
{%- set near1 = wilson_bound(k1, n1, "low" if side == "low" else "high", z) -%}
{%- set near2 = wilson_bound(k2, n2, "high" if side == "low" else "low", z) -%}
case
    when {{ n1 }} > 0 and {{ n2 }} > 0
        then
            {{ p1 }} - {{ p2 }} {{ "-" if side == "low" else "+" }} sqrt(
                ({{ p1 }} - {{ near1 }}) * ({{ p1 }} - {{ near1 }})
                + ({{ near2 }} - {{ p2 }}) * ({{ near2 }} - {{ p2 }})
            )
end
{%- endmacro %}

{# How many standard errors on each side hold that many percent of a normal distribution. #}
{% macro normal_quantile(percent) -%}
{{ {95: "1.959963984540054", 99.8: "3.090232306167813"}[percent] }}
{%- endmacro %}

{# A share as people read it, with one decimal: 0.1234 is '12.3%'. #}
{% macro percent_text(share) -%}
concat(cast(cast(round(100 * {{ share }}, 1) as decimal(9, 1)) as {{ dbt.type_string() }}), '%')
{%- endmacro %}

{# A sentence of a rule row with its `{name}` places filled; `values` maps names to SQL expressions; NULL is a dash. #}
{% macro sentence_with(sentence, values) -%}
{% for name in values %}replace({% endfor %}{{ sentence }}
{%- for name, value in values.items() -%}
, {{ "'{" ~ name ~ "}'" }}, coalesce(cast({{ value }} as {{ dbt.type_string() }}), '–'))
{%- endfor %}
{%- endmacro %}
