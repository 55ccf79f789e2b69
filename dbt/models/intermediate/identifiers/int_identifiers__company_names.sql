-- Legal key of each distinct raw company name: half-width, lower case, Traditional to Simplified
-- character by character, without blanks, brackets and punctuation. Region, 集团, 股份 and branches
-- stay: they are different legal persons.
with records as (select * from {{ ref('int_identity__record_versions') }}),

characters as (select * from {{ ref('traditional_simplified') }}),

distinct_names as (
    select
        company_name as raw_company_name,
        {{ regex_replace_all(
            "lower(" ~ half_width("company_name") ~ ")", "[ .,;:·•()（）【】<>《》_-]", ""
        ) }} as compact_name
    from records
    where company_name is not null
    group by company_name
),

positions as ({{ series(
    1, "(select coalesce(max(length(compact_name)), 0) from distinct_names)", "character_position"
) }}),

letters as (
    select
        distinct_names.raw_company_name,
        positions.character_position,
        substring(distinct_names.compact_name, positions.character_position, 1) as letter
    from distinct_names
    inner join positions on positions.character_position <= length(distinct_names.compact_name)
),

simplified as (
    select
        letters.raw_company_name,
        letters.character_position,
        coalesce(characters.simp, letters.letter) as letter
    from letters
    left join characters on letters.letter = characters.trad
)

select
    raw_company_name,
    {{ ordered_text_agg("letter", "", "character_position") }} as company_legal_key, regexp_replace(string_agg(letter,'' order by character_position),'(股份)?(有限责任)?(有限)?公司$','') as company_brand_key, not regexp_matches(string_agg(letter,'' order by character_position),'公司|ltd|inc|corp|gmbh|llc|集团|厂|院') as is_short
from simplified
group by raw_company_name
