{#
  Text to typed values. Every macro takes a SQL expression of text already cleaned by cell_text()
  and gives NULL for what it can not read: nothing is guessed, 03/04/2025 is refused. What is
  accepted is told in each macro and held by tests/unit/test_typing.py.

  The regular expression decides, the cast only checks the calendar and the range: casts of the
  engines accept more (infinity, 24:00, BC) and not the same.
#}

{# White space cut off, '' to NULL: what every text column becomes. #}
{% macro clean_text(text) -%}
nullif({{ trim_text(text) }}, '')
{%- endmacro %}

{# clean_text in half-width forms: what every cell becomes before it is read as a value. #}
{% macro cell_text(text) -%}
nullif({{ trim_text(half_width(text)) }}, '')
{%- endmacro %}

{# The accepted spellings, as pieces of regular expressions. #}
{% macro iso_date_pattern() -%}
([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2})
{%- endmacro %}

{% macro cjk_date_pattern() -%}
[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日
{%- endmacro %}

{% macro clock_pattern() -%}
([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?
{%- endmacro %}

{% macro date_pattern() -%}
({{ iso_date_pattern() }}|{{ cjk_date_pattern() }})
{%- endmacro %}

{% macro moment_pattern() -%}
({{ iso_date_pattern() }}(T| +)|{{ cjk_date_pattern() }} *){{ clock_pattern() }}
{%- endmacro %}

{% macro offset_pattern() -%}
( ?(Z|z|UTC|GMT)| ?[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)
{%- endmacro %}

{# Seconds (10 digits, 2001 to 2286) or milliseconds (13 digits) since 1970. #}
{% macro epoch_pattern() -%}
^[1-9][0-9]{9}([0-9]{3}|[.][0-9]{1,6})?$
{%- endmacro %}

{# Microseconds since 1970 of a text that matches epoch_pattern. #}
{% macro epoch_text_micros(text) -%}
cast(
    try_cast({{ text }} as decimal(20, 6))
    * case when {{ regex_like(text, '^[0-9]{13}$') }} then 1000 else 1000000 end
    as bigint
)
{%- endmacro %}

{# ISO spelling of an accepted local date or moment: 2025年1月5日8:03 to 2025-1-5 8:03. #}
{% macro iso_text(text) -%}
trim({{ regex_replace_all("translate(" ~ text ~ ", '/年月日T', '---  ')", ' +', ' ') }})
{%- endmacro %}

{#
  UTC instant of a text. Accepted: ISO 8601 (2025-01-05T08:03:00, with or without seconds, fraction
  and offset or Z), 2025-01-05 8:03, 2025/1/5 8:03[:00], 2025年1月5日 8:03[:00], the date alone (its
  local midnight), epoch seconds or milliseconds.
    zone  IANA name of the zone of a text without an offset
#}
{% macro parse_timestamp(text, zone) -%}
{#- The first two forms are nearly all there is, and cheap; the others read them too. -#}
{%- set plain = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'
    ~ '([.][0-9]{1,6})?' -%}
case
    when {{ regex_like(text, plain ~ '$') }}
        then {{ to_utc("try_cast(" ~ text ~ " as timestamp)", zone) }}
    when {{ regex_like(text, plain ~ '(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$') }}
        then {{ from_offset_text(text) }}
    when {{ regex_like(text, '^(' ~ date_pattern() ~ '|' ~ moment_pattern() ~ ')$') }}
        then {{ to_utc("try_cast(" ~ iso_text(text) ~ " as timestamp)", zone) }}
    when {{ regex_like(text, '^' ~ moment_pattern() ~ offset_pattern() ~ '$') }}
        then {{ offset_instant(text) }}
    when {{ regex_like(text, epoch_pattern()) }}
        then {{ from_epoch_micros(epoch_text_micros(text)) }}
end
{%- endmacro %}

{# UTC instant of a text with an offset: the wall clock it shows minus the offset it names. #}
{% macro offset_instant(text) -%}
{%- set local_text = regex_replace_all(text, offset_pattern() ~ '$', '') -%}
{%- set offset_digits = regex_replace_all(
    regex_extract(text, '[+-][0-9]{2}:?([0-9]{2})?$'), '[^0-9]', ''
) -%}
(
    try_cast({{ iso_text(local_text) }} as timestamp)
    - case when {{ regex_like(text, '-[0-9]{2}:?([0-9]{2})?$') }} then -1 else 1 end
    * (
        coalesce(try_cast(substring({{ offset_digits }}, 1, 2) as integer), 0) * 60
        + coalesce(try_cast(substring({{ offset_digits }}, 3, 2) as integer), 0)
    )
    * interval '1' minute
)
{%- endmacro %}

{#
  Calendar day of a text, as written: the forms of parse_timestamp and 20250105, a time and an
  offset being ignored. Eight digits are never ambiguous: read as day, month, year they would have
  to end in 19yy or 20yy, and then have no month when read as a year first.
    zone  IANA name of the zone whose day an epoch number falls in
#}
{% macro parse_date(text, zone) -%}
case
    when {{ regex_like(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }}
        then try_cast({{ text }} as date)
    when {{ regex_like(
        text, '^(' ~ date_pattern() ~ '|' ~ moment_pattern() ~ offset_pattern() ~ '?)$'
    ) }}
        then try_cast({{ iso_text(regex_extract(text, date_pattern())) }} as date)
    when {{ regex_like(text, '^(19|20)[0-9]{6}$') }}
        then try_cast(
            concat_ws(
                '-',
                substring({{ text }}, 1, 4),
                substring({{ text }}, 5, 2),
                substring({{ text }}, 7, 2)
            )
            as date
        )
    when {{ regex_like(text, epoch_pattern()) }}
        then {{ to_local_date(from_epoch_micros(epoch_text_micros(text)), zone) }}
end
{%- endmacro %}

{# Digits with or without thousands separators (groups of three only). #}
{% macro digits_pattern() -%}
([0-9]+|[0-9]{1,3}(,[0-9]{3})+)
{%- endmacro %}

{#
  DECIMAL of a text. Accepted: 1234.5, 1,234.50, +1, -1, .5, 1.2e5, a currency sign or code before
  or behind (¥1,234.50, -¥12, CNY 12, 12元), and (1,234.50) for a negative amount. Decimals beyond
  the scale are rounded half away from zero. Refused: 1.234,50, 12万, 12%.
#}
{% macro parse_decimal(text, precision=18, scale=4) -%}
{%- set type = "decimal(" ~ precision ~ ", " ~ scale ~ ")" -%}
{%- set money = '([¥$€£]|CNY|RMB|USD|EUR|GBP|HKD|JPY|元)' -%}
{%- set number = '(' ~ digits_pattern() ~ '([.][0-9]*)?|[.][0-9]+)' -%}
case
    when {{ regex_like(text, '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2})?$') }}
        then try_cast({{ text }} as {{ type }})
    when {{ regex_like(
        "upper(" ~ text ~ ")",
        '^([+-]?' ~ money ~ '? ?|' ~ money ~ '? ?[+-]?)' ~ number ~ '( ?' ~ money ~ ')?$'
    ) }}
        then try_cast({{ regex_replace_all(text, '[^0-9.-]', '') }} as {{ type }})
    when {{ regex_like("upper(" ~ text ~ ")", '^[(]' ~ money ~ '? ?' ~ number ~ '[)]$') }}
        then -try_cast({{ regex_replace_all(text, '[^0-9.]', '') }} as {{ type }})
end
{%- endmacro %}

{# BIGINT of a text. Accepted: 1234, +1, -1, 1,234, and 1234.0 as spreadsheets write it. #}
{% macro parse_integer(text) -%}
case
    when {{ regex_like(text, '^[+-]?[0-9]+$') }}
        then try_cast({{ text }} as bigint)
    when {{ regex_like(text, '^[+-]?' ~ digits_pattern() ~ '([.]0*)?$') }}
        then try_cast({{ regex_replace_all(text, '[.]0*$|,', '') }} as bigint)
end
{%- endmacro %}

{# BOOLEAN of a text, whatever its case: true/false, t/f, yes/no, y/n, 1/0, 是/否. #}
{% macro parse_boolean(text) -%}
case
    when lower({{ text }}) in ('true', 't', 'yes', 'y', '1', '是') then true
    when lower({{ text }}) in ('false', 'f', 'no', 'n', '0', '否') then false
end
{%- endmacro %}
