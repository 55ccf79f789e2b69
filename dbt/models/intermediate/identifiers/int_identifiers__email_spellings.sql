-- Each distinct raw e-mail cut down to the address: half-width, lower case, without mailto:, quotes,
-- brackets, blanks and what stands beside it. Of several addresses in a cell the first one counts.
with record_versions as (select * from {{ ref('int_identity__record_versions') }}),

consents as (select * from {{ ref('stg_compliance__consent_events') }} where not _is_deleted),

distinct_raw as (
    select email as raw_email from record_versions where email is not null
    union
    select subject_key as raw_email from consents where lower(subject_key_type) = 'email' and subject_key is not null
),

lowered as (
    select
        raw_email,
        -- People type the full stop of their input method in a domain.
        replace(lower({{ half_width("raw_email") }}), '。', '.') as email_text
    from distinct_raw
),

-- Wang Wei <wang@acme.cn>: the address is what stands in the brackets.
addressed as (
    select
        raw_email,
        case
            when {{ regex_like("email_text", "<[^<>@]+@[^<>@]+>") }}
                then {{ regex_extract("email_text", "<([^<>@]+@[^<>@]+)>", 1) }}
            else email_text
        end as email_text
    from lowered
),

bare as (
    select
        raw_email,
        translate(
            {{ regex_replace_all("email_text", "^[^@]*mailto:", "") }},
            {{ text_literal(' "“”‘’`<>()（）[]{}《》「」【】\t\u00a0\u200b') }}, ''
        ) as email_text
    from addressed
),

first_address as (
    select
        raw_email,
        {{ regex_replace_all(
            regex_extract("email_text", "^[;,，；、|/]*([^;,，；、|/]*)", 1), "^[.:']+|[.:']+$", ""
        ) }} as email_written
    from bare
)

select
    raw_email,
    email_written,
    split_part(email_written, '@', 1) as email_local,
    -- A second @ makes it no address at all.
    case
        when length(email_written) - length(replace(email_written, '@', '')) = 1
            then nullif(split_part(email_written, '@', 2), '')
    end as domain_written
from first_address
