{# Whether the extracts say anything about a basis of revenue; `presence` is int_attribution__computable. #}
{% macro has_revenue_basis(basis, presence) -%}
case {{ basis }}
    when 'cash' then {{ presence }}.has_cash
    when 'invoiced' then {{ presence }}.has_invoices
    when 'contract' then {{ presence }}.has_contracts
end
{%- endmacro %}

{#
  Why an ROI may or may not be read: the first reason that holds, in this order.
    can_earn  whether credit could come to the channel at all; where it cannot, none says nothing
#}
{% macro roi_status(has_revenue, cost, is_mature, revenue, n, small_n, can_earn) -%}
case
    when {{ cost }} is null or not {{ has_revenue }} then 'not_computable'
    when {{ cost }} <= 0 then 'no_spend'
    when not {{ can_earn }} and {{ revenue }} = 0 then 'not_creditable'
    when not {{ is_mature }} then 'immature'
    when {{ revenue }} = 0 then 'no_cash'
    when {{ n }} < {{ small_n }} then 'small_n'
    else 'ok'
end
{%- endmacro %}

{# Why a price of a unit may or may not be read: the first reason that holds, in this order. #}
{% macro unit_cost_status(cost, n, is_mature) -%}
case
    when {{ cost }} is null or {{ n }} is null then 'not_computable'
    when {{ cost }} <= 0 then 'no_spend'
    when not {{ is_mature }} then 'immature'
    when {{ n }} = 0 then 'no_units'
    when {{ n }} < {{ policy('channel_roi', 'small_n_units') }} then 'small_n_units'
    else 'ok'
end
{%- endmacro %}

{#
  Bound (95 %) of an ROI whose deals come by chance: their number is Poisson, so the variance of their sum
  is the sum of their squares (compound Poisson). NULL where there is no ROI to bound. Not below -1.
    spread  square root of the sum of squared deals
    side    'low' or 'high'
#}
{% macro roi_bound(revenue, spread, cost, side, status="ratio_status") -%}
case
    when {{ status }} = 'ok'
        then
            {% if side == "low" -%}
            greatest(-1.0, ({{ revenue }} - 1.959963984540054 * {{ spread }} - {{ cost }}) / cast({{ cost }} as double))
            {%- else -%}
            ({{ revenue }} + 1.959963984540054 * {{ spread }} - {{ cost }}) / cast({{ cost }} as double)
            {%- endif %}
end
{%- endmacro %}

{#
  Score bound (95 %) of the expectation of a Poisson count: the solutions of (n - m)^2 = z^2 m.
    side  'low' or 'high'
#}
{% macro poisson_bound(n, side) -%}
{%- set z = "1.959963984540054" -%}
({{ n }} + {{ z }} * {{ z }} / 2 {{ "-" if side == "low" else "+" }} {{ z }} * sqrt({{ n }} + {{ z }} * {{ z }} / 4))
{%- endmacro %}

{# Calendar months from one date to another, as a whole number; negative when the second comes first. #}
{% macro months_between(first, second) -%}
((extract(year from {{ second }}) - extract(year from {{ first }})) * 12
+ extract(month from {{ second }}) - extract(month from {{ first }}))
{%- endmacro %}
