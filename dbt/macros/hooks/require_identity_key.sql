{#
  Called on-run-start where tokens are wanted: stops before the first model when there is no key.
  Never says what the pepper is.
#}
{% macro require_identity_key() -%}
{% if execute %}
    {% set found = run_query("select " ~ has_session_secret('leadhouse_identity_key') ~ " as has_key") %}
    {% if not found.columns[0].values()[0] %}
        {{ exceptions.raise_compiler_error(
            "identity_values is token, but LEADHOUSE_IDENTITY_PEPPER is not set or has fewer than 16"
            ~ " characters. Set it to a long random text that you keep: another one gives other tokens."
        ) }}
    {% endif %}
{% endif %}
{%- endmacro %}
