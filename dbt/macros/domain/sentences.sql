{# A number as people read it: rounded, with its digits after the point. `signed` writes a plus as well. #}
{% macro shown(number, digits=1, signed=false) -%}
{%- set rounded = "cast(round(" ~ number ~ ", " ~ digits ~ ") as decimal(18, " ~ digits ~ "))" -%}
{%- set text = "cast(" ~ rounded ~ " as " ~ dbt.type_string() ~ ")" -%}
{%- if signed -%}
(case when {{ rounded }} > 0 then '+' else '' end || {{ text }})
{%- else -%}
{{ text }}
{%- endif -%}
{%- endmacro %}

{#
  A sentence of seeds/rules/question_verdict.csv with its {placeholders} filled. What is not known is a dash:
  one missing number must not take the sentence away.
    sentence  column with the text
    values    placeholder -> SQL expression of type text
#}
{% macro filled(sentence, values) -%}
{%- set text = namespace(sql=sentence) -%}
{%- for name, value in values.items() -%}
{%- set text.sql = "replace(" ~ text.sql ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", '–'))" -%}
{%- endfor -%}
{{ text.sql }}
{%- endmacro %}

{# Minor units of the reporting currency as people read them: whole units, then the currency. #}
{% macro money_text(amount_minor) -%}
({{ shown("cast(" ~ amount_minor ~ " as double) / 100", 0) }} || ' {{ var("reporting_currency") }}')
{%- endmacro %}
