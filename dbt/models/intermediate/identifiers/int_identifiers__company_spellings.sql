-- Each distinct raw company name in one plain spelling: half-width, lower case, Traditional to
-- Simplified character by character, punctuation as blanks, one blank between words and none beside
-- Chinese characters. 有限责任公司 is written 有限公司, which means the same.
with record_versions as (select * from {{ ref('int_identity__record_versions') }}),

characters as (select * from {{ ref('traditional_simplified') }}),

company_words as (select * from {{ ref('company_word') }} where {{ in_force_now() }}),

distinct_names as (
    select
        company_name as raw_company_name,
        trim({{ regex_replace_all(
            "translate(lower(" ~ half_width("company_name") ~ "), "
            ~ text_literal(".,;:·•()（）[]{}【】<>《》「」'\"“”‘’`、。_-\t\u00a0\u200b")
            ~ ", " ~ text_literal(" " * 40) ~ ")",
            " +", " "
        ) }}) as company_text
    from record_versions
    where company_name is not null
    group by company_name
),

positions as ({{ series(
    1, "(select coalesce(max(length(company_text)), 0) from distinct_names)", "character_position"
) }}),

letters as (
    select
        distinct_names.raw_company_name,
        positions.character_position,
        substring(distinct_names.company_text, cast(positions.character_position as integer), 1) as letter
    from distinct_names
    inner join positions on positions.character_position <= length(distinct_names.company_text)
),

simplified as (
    select
        letters.raw_company_name,
        letters.character_position,
        coalesce(characters.simp, letters.letter) as letter,
        concat(
            coalesce(lag(letters.letter) over (
                partition by letters.raw_company_name order by letters.character_position asc nulls last
            ), ''),
            coalesce(lead(letters.letter) over (
                partition by letters.raw_company_name order by letters.character_position asc nulls last
            ), '')
        ) as neighbours
    from letters
    left join characters on letters.letter = characters.trad
),

plain_names as (
    select
        raw_company_name,
        {{ ordered_text_agg("letter", "", "character_position") }} as plain_name
    from simplified
    where letter <> ' ' or {{ regex_like("neighbours", "^[ -~]*$") }}
    group by raw_company_name
),

-- The longest spelling that a name contains and that another word stands for; Chinese has no blanks
-- to tell words by, in Latin letters the words at the end are compared whole.
respelled as (
    select
        plain_names.raw_company_name,
        company_words.word,
        company_words.unified
    from plain_names
    inner join company_words
        on
            company_words.language = 'zh'
            and company_words.unified <> company_words.word
            and contains(plain_names.plain_name, company_words.word)
    qualify
        row_number() over (
            partition by plain_names.raw_company_name
            order by length(company_words.word) desc nulls last, company_words.word asc nulls last
        ) = 1
)

select
    plain_names.raw_company_name,
    case
        when respelled.word is null then plain_names.plain_name
        else replace(plain_names.plain_name, respelled.word, respelled.unified)
    end as plain_name
from plain_names
left join respelled on plain_names.raw_company_name = respelled.raw_company_name
