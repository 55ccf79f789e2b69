{# What stands for an identifier in marts, logs and overrides: a key of its type and (token) value. #}
{% macro identifier_key(relation) -%}
{{ surrogate_key([
    relation ~ ".identifier_type",
    identity_token(relation ~ ".identifier_type", relation ~ ".identifier_value"),
]) }}
{%- endmacro %}
