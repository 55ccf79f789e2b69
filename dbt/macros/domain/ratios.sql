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
    side  'low' or 'high'
#}
{% macro wilson_bound(k, n, side) -%}
{%- set z = "1.959963984540054" -%}
{%- set p = "(cast(" ~ k ~ " as double) / " ~ n ~ ")" -%}
{%- set centre = "(" ~ p ~ " + " ~ z ~ " * " ~ z ~ " / (2.0 * " ~ n ~ "))" -%}
{%- set spread = z ~ " * sqrt(" ~ p ~ " * (1 - " ~ p ~ ") / " ~ n ~ " + " ~ z ~ " * " ~ z ~ " / (4.0 * " ~ n ~ " * " ~ n ~ "))" -%}
case
    when {{ n }} > 0
        then
            {% if side == "low" -%}
            greatest(0.0, ({{ centre }} - {{ spread }}) / (1 + {{ z }} * {{ z }} / {{ n }}))
            {%- else -%}
            least(1.0, ({{ centre }} + {{ spread }}) / (1 + {{ z }} * {{ z }} / {{ n }}))
            {%- endif %}
end
{%- endmacro %}
