-- Legal key and brand key of each distinct raw company name. The legal key keeps region, 集团, 股份
-- and branches: they are different legal persons. The brand key leaves region and legal form out and
-- only proposes candidates.
with spellings as (
    select raw_company_name, plain_name, plain_name as rest from {{ ref('int_identifiers__company_spellings') }}
),

company_words as (select * from {{ ref('company_word') }} where {{ in_force_now() }}),

word_lengths as (select distinct word_kind, length(word) as word_length from company_words),

formless as ({{ strip_company_word("spellings", "end", ["legal_form"]) }}),

placeless as ({{ strip_company_word("formless", "end", ["region", "region_suffix"]) }}),

-- 华为技术有限公司上海分公司: behind the branch and its place stands the company's own form.
bare as ({{ strip_company_word("placeless", "end", ["legal_form", "generic_form"]) }}),

bare_placeless as ({{ strip_company_word("bare", "end", ["region", "region_suffix"]) }}),

-- 江苏省南京市: a province, then a city.
provinceless as ({{ strip_company_word("bare_placeless", "start", ["region"]) }}),

brands as ({{ strip_company_word("provinceless", "start", ["region"]) }}),

-- What is left of a short name without the form it was cut in, or 公司 alone.
cores as ({{ strip_company_word("spellings", "end", ["cut_form", "generic_form"]) }}),

institutions as ({{ strip_company_word("spellings", "end", ["institution"]) }}),

judged as (
    select
        formless.raw_company_name,
        formless.word is null and institutions.word is null as is_short,
        placeholders.word is not null or nobodies.word is not null as is_placeholder,
        concat(formless.rest, coalesce(formless.unified, '')) as legal_text,
        cores.rest as core_text,
        coalesce(formless.unified, '') as form,
        branch_forms.word is not null as is_branch,
        -- 北京大学 and 北京银行 are called by their place.
        case when institution_words.word is null then brands.rest else bare_placeless.rest end as brand_text
    from formless
    inner join brands on formless.raw_company_name = brands.raw_company_name
    inner join bare_placeless on formless.raw_company_name = bare_placeless.raw_company_name
    inner join institutions on formless.raw_company_name = institutions.raw_company_name
    inner join cores on formless.raw_company_name = cores.raw_company_name
    left join company_words as branch_forms
        on
            case when branch_forms.word_kind = 'branch_form' then branch_forms.word end
            = coalesce(formless.word, institutions.word)
    left join company_words as placeholders
        on
            case when placeholders.word_kind = 'placeholder' then placeholders.word end
            = formless.plain_name
    -- Nothing but a legal form.
    left join company_words as nobodies
        on case when nobodies.word_kind = 'legal_form' then nobodies.word end = formless.plain_name
    left join company_words as institution_words
        on
            case when institution_words.word_kind = 'institution' then institution_words.word end
            = brands.rest
)

select
    raw_company_name,
    case
        when not is_placeholder then nullif({{ regex_replace_all("legal_text", " ", "") }}, '')
    end as company_legal_key,
    case
        when not is_placeholder then nullif({{ regex_replace_all("brand_text", " ", "") }}, '')
    end as company_brand_key,
    case
        when not is_placeholder then nullif({{ regex_replace_all("core_text", " ", "") }}, '')
    end as company_core_key,
    form as company_form,
    is_branch,
    is_short
from judged
