{#
  Text in the half of SQL that DuckDB and Spark spell differently. Arguments are SQL expressions,
  except patterns (see pattern_sql), replacements and separators, which are plain strings.
#}

{# Every match replaced; DuckDB would replace only the first without the 'g'. #}
{% macro regex_replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('regex_replace_all')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__regex_replace_all(text, pattern, replacement) -%}
regexp_replace({{ text }}, {{ pattern_sql(pattern) }}, {{ text_literal(replacement) }}, 'g')
{%- endmacro %}

{% macro spark__regex_replace_all(text, pattern, replacement) -%}
regexp_replace({{ text }}, {{ pattern_sql(pattern) }}, {{ text_literal(replacement) }})
{%- endmacro %}

{# True when the pattern is found anywhere in the text; anchor it with ^ and $ for a full match. #}
{% macro regex_like(text, pattern) -%}
    {{ return(adapter.dispatch('regex_like')(text, pattern)) }}
{%- endmacro %}

{% macro default__regex_like(text, pattern) -%}
regexp_matches({{ text }}, {{ pattern_sql(pattern) }})
{%- endmacro %}

{% macro spark__regex_like(text, pattern) -%}
regexp_like({{ text }}, {{ pattern_sql(pattern) }})
{%- endmacro %}

{# The group of the first match, '' when the pattern is not found (group 0 = the whole match). #}
{% macro regex_extract(text, pattern, group=0) -%}
regexp_extract({{ text }}, {{ pattern_sql(pattern) }}, {{ group }})
{%- endmacro %}

{#
  Full-width letters, digits and signs (U+FF01 to U+FF5E), the full-width yen sign and the
  full-width space to their ASCII forms. translate is slow and most text needs none of it: plain
  ASCII (eight bits a character) and text without such forms is told apart first.
#}
{% macro half_width(text) -%}
case
    when bit_length({{ text }}) = 8 * length({{ text }}) then {{ text }}
    when {{ regex_like(text, '[\uff01-\uff5e\uffe5\u3000]') }}
        then translate(
            {{ text }},
            {{ text_literal(
                "！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠"
                ~ "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀"
                ~ "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～￥　"
            ) }},
            {{ text_literal(
                "!\"#$%&'()*+,-./0123456789:;<=>?@"
                ~ "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                ~ "abcdefghijklmnopqrstuvwxyz{|}~¥ "
            ) }}
        )
    else {{ text }}
end
{%- endmacro %}

{#
  White space that people cannot see, cut off at both ends: every kind of blank (the full-width one
  included), tab, line ends, zero-width space and byte order mark.
#}
{% macro trim_text(text) -%}
    {{ return(adapter.dispatch('trim_text')(text)) }}
{%- endmacro %}

{# trim(x) knows every Unicode blank and is four times as fast as trim(x, characters). #}
{% macro default__trim_text(text) -%}
{%- set others = ["chr(9)", "chr(10)", "chr(13)", "chr(8203)", "chr(65279)"] -%}
case
    when
        {%- for character in others %}
        {{ "or " if not loop.first }}contains({{ text }}, {{ character }})
        {%- endfor %}
        then trim({{ text }}, ' ' || chr(160) || chr(12288) || {{ others | join(" || ") }})
    else trim({{ text }})
end
{%- endmacro %}

{% macro spark__trim_text(text) -%}
btrim({{ text }}, ' \t\n\r\u00a0\u3000\u200b\ufeff')
{%- endmacro %}

{# A JSON object of the named text columns, empty ones left out. For people, never to compare. #}
{% macro json_of_columns(columns) -%}
    {{ return(adapter.dispatch('json_of_columns')(columns)) }}
{%- endmacro %}

{% macro default__json_of_columns(columns) -%}
cast(json_merge_patch('{}', json_object(
    {%- for column in columns %}
    '{{ column }}', nullif({{ adapter.quote(column) }}, ''){{ "," if not loop.last }}
    {%- endfor %}
)) as varchar)
{%- endmacro %}

{% macro spark__json_of_columns(columns) -%}
to_json(named_struct(
    {%- for column in columns %}
    '{{ column }}', nullif({{ adapter.quote(column) }}, ''){{ "," if not loop.last }}
    {%- endfor %}
))
{%- endmacro %}
