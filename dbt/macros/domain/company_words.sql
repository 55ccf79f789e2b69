{#
  A query that takes one word off an end of company names: the longest of the given kinds that stands
  there as a whole word and leaves at least two characters. One row per name, stripped or not.
    relation    CTE with raw_company_name, plain_name and rest (what is left so far)
    side        'start' or 'end'
    word_kinds  list of word_kind in company_words
  Needs the CTEs company_words and word_lengths. Gives raw_company_name, plain_name, rest, and the
  word taken off with its unified spelling (NULL when there is none).
#}
{% macro strip_company_word(relation, side, word_kinds) -%}
{%- set piece = "right" if side == "end" else "left" -%}
{%- set n = "cast(word_lengths.word_length as integer)" -%}
{%- set beside = "substring(names.rest, length(names.rest) - " ~ n ~ ", 1)" if side == "end"
    else "substring(names.rest, " ~ n ~ " + 1, 1)" -%}
select
    names.raw_company_name,
    names.plain_name,
    trim(
        case
            when found.word is null then names.rest
            {% if side == "end" -%}
            else left(names.rest, cast(length(names.rest) - length(found.word) as integer))
            {%- else -%}
            else substring(names.rest, cast(length(found.word) + 1 as integer))
            {%- endif %}
        end
    ) as rest,
    found.word,
    found.unified
from {{ relation }} as names
left join (
    select pieces.raw_company_name, company_words.word, company_words.unified
    from (
        select
            names.raw_company_name,
            word_lengths.word_kind,
            {{ piece }}(names.rest, {{ n }}) as piece,
            {{ beside }} as beside
        from {{ relation }} as names
        inner join word_lengths on length(names.rest) >= word_lengths.word_length + 2
        where word_lengths.word_kind in ('{{ word_kinds | join("', '") }}')
    ) as pieces
    inner join company_words
        on
            pieces.word_kind = company_words.word_kind
            and pieces.piece = company_words.word
            -- Zinc is no company called Z Inc.
            and not (
                {{ regex_like("pieces.beside", "^[a-z0-9]$") }} and {{ regex_like("pieces.piece", "^[ -~]+$") }}
            )
    qualify
        row_number() over (
            partition by pieces.raw_company_name
            order by length(company_words.word) desc nulls last, company_words.word asc nulls last
        ) = 1
) as found
    on names.raw_company_name = found.raw_company_name
{%- endmacro %}
