{#
  md5 of a list of SQL expressions, the same on every engine and rebuild. NULL and '' differ, and no
  two different lists give the same text: each part is written with its length before it.
#}
{% macro surrogate_key(expressions) -%}
md5(concat(
    {%- for expression in expressions %}
    coalesce({{ counted_text("cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")") }}, '-')
    {{- "," if not loop.last }}
    {%- endfor %}
))
{%- endmacro %}

{# `<length>:<text>`: parts written so can be joined and taken apart again. NULL stays NULL. #}
{% macro counted_text(text) -%}
(cast(length({{ text }}) as {{ dbt.type_string() }}) || ':' || {{ text }})
{%- endmacro %}

{#
  The first 60 bits of a key made by surrogate_key, as a number in the order of the keys: a third of the price to
  sort, join and keep. Of ten million keys two have the same with a chance of 1 in 20,000: test that it is unique.
#}
{% macro key_number(key) -%}
    {{ return(adapter.dispatch('key_number')(key)) }}
{%- endmacro %}

{% macro default__key_number(key) -%}
cast('0x' || substr({{ key }}, 1, 15) as bigint)
{%- endmacro %}

{% macro spark__key_number(key) -%}
cast(conv(substr({{ key }}, 1, 15), 16, 10) as bigint)
{%- endmacro %}

{#
  Minor units (cents) of a DECIMAL amount, half away from zero. Widened after the one rounding,
  since DuckDB multiplies a DECIMAL(18) within 18 digits.
#}
{% macro money_minor(amount) -%}
cast(cast(round({{ amount }}, 2) as decimal(28, 2)) * 100 as bigint)
{%- endmacro %}

{# SHA-256 of a text (UTF-8), 64 hexadecimal digits in lower case. #}
{% macro sha256_hex(text) -%}
    {{ return(adapter.dispatch('sha256_hex')(text)) }}
{%- endmacro %}

{% macro default__sha256_hex(text) -%}
sha256({{ text }})
{%- endmacro %}

{% macro spark__sha256_hex(text) -%}
sha2({{ text }}, 256)
{%- endmacro %}

{#
  A text that the session holds and no SQL shows: a variable, set where the connection is opened
  (DuckDB: dagster_project/lib/identity/plugin.py; Spark: `declare variable`). Reading one that was
  not set raises: a NULL would silently be the key of everybody.
#}
{% macro session_secret(name) -%}
    {{ return(adapter.dispatch('session_secret')(name)) }}
{%- endmacro %}

{% macro default__session_secret(name) -%}
coalesce(cast(getvariable('{{ name }}') as varchar), cast(error('{{ name }} is not set') as varchar))
{%- endmacro %}

{% macro spark__session_secret(name) -%}
coalesce({{ name }}, raise_error('{{ name }} is not set'))
{%- endmacro %}

{# True when the session holds that text. #}
{% macro has_session_secret(name) -%}
    {{ return(adapter.dispatch('has_session_secret')(name)) }}
{%- endmacro %}

{% macro default__has_session_secret(name) -%}
(getvariable('{{ name }}') is not null)
{%- endmacro %}

{% macro spark__has_session_secret(name) -%}
({{ name }} is not null)
{%- endmacro %}

{#
  Digest of a set of rows, an aggregate: the sum of their hashes, so their order changes nothing and
  a repeated row counts. To compare builds of one engine and version, never as a key.
#}
{% macro rows_digest(expressions) -%}
    {{ return(adapter.dispatch('rows_digest')(expressions)) }}
{%- endmacro %}

{% macro default__rows_digest(expressions) -%}
cast(sum(hash({{ expressions | join(", ") }})) as decimal(38, 0))
{%- endmacro %}

{# xxhash64 passes over NULLs, so each expression says whether it is one. #}
{% macro spark__rows_digest(expressions) -%}
cast(sum(cast(xxhash64(
    {%- for expression in expressions %}
    {{ expression }}, {{ expression }} is null{{ "," if not loop.last }}
    {%- endfor %}
) as decimal(38, 0))) as decimal(38, 0))
{%- endmacro %}

{# Of one row, not an aggregate: 64 bits. #}
{% macro row_digest(expressions) -%}
    {{ return(adapter.dispatch('row_digest')(expressions)) }}
{%- endmacro %}

{% macro default__row_digest(expressions) -%}
hash({{ expressions | join(", ") }})
{%- endmacro %}

{% macro spark__row_digest(expressions) -%}
xxhash64({{ expressions | join(", ") }})
{%- endmacro %}
