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

{#
  What a day of media cost: the cash part of the clicks (点击现金) where the platform reports it, else the
  list price (点击消费) less the rebate.
#}
{% macro paid_media(list_price, cash, rebate) -%}
coalesce({{ cash }}, {{ list_price }} - coalesce({{ rebate }}, 0))
{%- endmacro %}

{#
  Amount without the value-added tax in it, in minor units: round(gross / (1 + percent / 100)). What is
  left of the gross is the tax, so both add up to the cent.
#}
{% macro net_of_tax_minor(gross_minor, vat_percent) -%}
cast(round(
    cast({{ gross_minor }} as decimal(28, 0)) * 100 / (100 + cast({{ vat_percent }} as decimal(9, 4)))
) as bigint)
{%- endmacro %}

{#
  Running share of a running amount of documents (fct_revenue_credit). Cash follows the cents that
  fct_attribution gave each touch; other bases, and deals whose cash is paid back in full, its millionths.
    shares   alias of running shares; no row = nobody else shares, all of it
#}
{% macro telescoped_share(amount, basis, shares) -%}
case
    when {{ shares }}.channel is null then {{ amount }}
    when {{ basis }} = 'cash' and {{ shares }}.cash_total <> 0
        then {{ telescoped_minor(amount, shares ~ ".cash_so_far", shares ~ ".cash_total") }}
    else {{ telescoped_minor(amount, shares ~ ".micro_so_far", "1000000") }}
end
{%- endmacro %}
