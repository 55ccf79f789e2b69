-- Each distinct raw phone, parsed once: E.164, and whether it can point to one person (mobile) or
-- only to a company (fixed line, 400/800/95xx service number). Numbering plan of mainland China as
-- in libphonenumber; numbers written with another country code are kept as international mobiles.
with records as (select * from {{ ref('int_identity__record_versions') }}),

raw_phones as (
    select phone as raw_phone from records where phone is not null
    union
    select phone_2 as raw_phone from records where phone_2 is not null
),

digits as (
    select
        raw_phone,
        {{ regex_like(half_width("raw_phone"), "^[^0-9]*[+][^0-9]*[0-9]") }} as has_plus,
        {{ regex_replace_all(half_width("raw_phone"), "[^0-9]", "") }} as all_digits
    from raw_phones
),

national as (
    select
        raw_phone,
        all_digits,
        has_plus and not {{ regex_like("all_digits", "^86") }} as is_foreign,
        case
            when {{ regex_like("all_digits", "^00860?1[0-9]{10}$") }} then right(all_digits, 11)
            when {{ regex_like("all_digits", "^860?1[0-9]{10}$") }} then right(all_digits, 11)
            when {{ regex_like("all_digits", "^01[3-9][0-9]{9}$") }} then right(all_digits, 11)
            when {{ regex_like("all_digits", "^0086[0-9]{5,}$") }} then substring(all_digits, 5)
            when has_plus and {{ regex_like("all_digits", "^86[0-9]{5,}$") }} then substring(all_digits, 3)
            else all_digits
        end as national_number
    from digits
),

typed as (
    select
        *,
        case
            when national_number = '' then 'empty'
            when is_foreign and length(all_digits) between 8 and 15 then 'foreign'
            when is_foreign then 'invalid'
            when
                {{ regex_like(
                    "national_number",
                    "^(1(610[0-9]|740[0-5])[0-9]{6}|1([38][0-9]|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])[0-9]{8})$"
                ) }}
                then 'mobile'
            when {{ regex_like("national_number", "^0?(400|800)[0-9]{7}$") }} then 'service'
            when
                {{ regex_like(
                    "national_number", "^0?((10|2[0-9])[1-9][0-9]{7}|[3-9][0-9]{2}[1-9][0-9]{6,7})([0-9]{1,5})?$"
                ) }}
                then 'fixed_line'
            when {{ regex_like("national_number", "^[2-8][0-9]{6,7}([0-9]{1,5})?$") }} then 'fixed_line'
            else 'invalid'
        end as phone_type
    from national
)

select
    raw_phone,
    national_number,
    phone_type,
    case
        when phone_type = 'foreign' then concat('+', all_digits)
        when phone_type = 'mobile' then concat('+86', national_number)
        when phone_type in ('fixed_line', 'service')
            then concat('+86', {{ regex_replace_all("national_number", "^0", "") }})
    end as e164
from typed
