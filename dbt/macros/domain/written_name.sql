{#
  A full name as the source writes it, else put together from its parts: family name first and no
  blank in Chinese, given name first in Latin letters.
#}
{% macro written_name(full_name, first_name, last_name) -%}
coalesce(
    {{ full_name }},
    nullif(
        case
            when {{ regex_like("concat(coalesce(" ~ last_name ~ ", ''), coalesce(" ~ first_name ~ ", ''))", "[A-Za-z]") }}
                then trim(concat(coalesce({{ first_name }}, ''), ' ', coalesce({{ last_name }}, '')))
            else concat(coalesce({{ last_name }}, ''), coalesce({{ first_name }}, ''))
        end,
        ''
    )
)
{%- endmacro %}
