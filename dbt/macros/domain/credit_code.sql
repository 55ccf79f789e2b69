{#
  True when a text is a unified social credit code (统一社会信用代码) with the right check character,
  after GB 32100-2015: 17 characters weighted by 3^(i-1) mod 31, the sum and the last character
  together divisible by 31. NULL stays NULL.
    code  SQL expression of text: half-width, upper case, nothing between the characters
#}
{% macro credit_code_is_valid(code) -%}
{#- Digits and capitals without I, O, S, V and Z; their places count from 0. -#}
{%- set alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" -%}
{%- set weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1] -%}
(
    -- The first character names an authority and is never 0: eighteen zeros would add up.
    {{ regex_like(code, "^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$") }}
    and mod(
        {%- for weight in weights %}
        (instr('{{ alphabet }}', substring({{ code }}, {{ loop.index }}, 1)) - 1) * {{ weight }}
        {{- " +" if not loop.last }}
        {%- endfor %},
        31
    ) = 0
)
{%- endmacro %}
