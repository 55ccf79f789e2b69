{#
  What stands for an identifier in the identity graph. With the variable identity_values = plain the
  value itself; with `token` a keyed hash of its type and value, 64 hexadecimal digits: the same in
  every build with the same pepper, and without the pepper nobody can try out all mobiles
  (sha256(sha256(key || type || value) || key), a nested keyed hash). NULL stays NULL.
    type_expr, value_expr   SQL expressions of text
#}
{% macro identity_token(type_expr, value_expr) -%}
{%- if var('identity_values') == 'token' -%}
{%- set key = session_secret('leadhouse_identity_key') -%}
{{ sha256_hex(
    sha256_hex(key ~ " || " ~ counted_text(type_expr) ~ " || " ~ value_expr) ~ " || " ~ key
) }}
{%- elif var('identity_values') == 'plain' -%}
{{ value_expr }}
{%- else -%}
{{ exceptions.raise_compiler_error("The variable identity_values is plain or token.") }}
{%- endif -%}
{%- endmacro %}
