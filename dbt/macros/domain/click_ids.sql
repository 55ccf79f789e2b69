{#
  Click ids that advertising platforms append to the address of the landing page. The web contract has
  one column for each; a tracker that did not read one leaves it in the address, before or after the
  '#' (Baidu's bd_vid often is), in any case.
#}

{# The kinds of click id, names of columns of the web contract; of several in one visit the first here. #}
{% macro click_id_types() -%}
    {{ return(["gclid", "gbraid", "wbraid", "msclkid", "bd_vid", "qz_gdt", "clickid", "li_fat_id"]) }}
{%- endmacro %}

{# A click id in an address: group 1 is its kind as written, group 2 its value. #}
{% macro click_id_pattern() -%}
    {{ return("(?i)[?&#;](" ~ click_id_types() | join("|") ~ ")=([^&#;]+)") }}
{%- endmacro %}

{# Kind of the click id of a row with the columns of the web contract; NULL = none. #}
{% macro click_id_type(url) -%}
case
    {%- for type in click_id_types() %}
    when {{ type }} is not null then '{{ type }}'
    {%- endfor %}
    else nullif(lower({{ regex_extract(url, click_id_pattern(), 1) }}), '')
end
{%- endmacro %}

{# Its value, spelled as the platform gave it: click ids are case-sensitive. #}
{% macro click_id(url) -%}
coalesce(
    {{ click_id_types() | join(", ") }},
    nullif({{ regex_extract(url, click_id_pattern(), 2) }}, '')
)
{%- endmacro %}
