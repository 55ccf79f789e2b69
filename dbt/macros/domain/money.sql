{#
  Cumulative share of an amount in integer minor units: round(amount * part / whole), and exactly the
  amount when part = whole. Differences of neighbours (telescoping) then add up to the amount to the
  cent, also for negative amounts.
#}
{% macro telescoped_minor(amount_minor, part, whole) -%}
case
    when {{ part }} = {{ whole }} then {{ amount_minor }}
    else cast(round(cast({{ amount_minor }} as double) * {{ part }} / {{ whole }}) as bigint)
end
{%- endmacro %}

{# Rate to the reporting currency: 1 for the currency itself, else the seed rate of the day or NULL. #}
{% macro fx_rate(currency, rate) -%}
case
    when upper({{ currency }}) = '{{ var("reporting_currency") }}' then cast(1 as decimal(18, 8))
    else {{ rate }}
end
{%- endmacro %}

{#
  Amount in minor units of the reporting currency. The amount is widened first: 18 digits would
  overflow at a million.
#}
{% macro converted_minor(amount, currency, rate) -%}
{{ money_minor("cast(" ~ amount ~ " as decimal(28, 4)) * " ~ fx_rate(currency, rate)) }}
{%- endmacro %}
