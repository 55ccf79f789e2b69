-- Each distinct raw phone, and the number of those that are a plainly written Chinese mobile: nearly
-- all there are, read in SQL. The pattern is the one of libphonenumber for China; a test holds the
-- result against the library on 200,000 numbers.
with record_versions as (select * from {{ ref('int_identity__record_versions') }}),

consents as (select * from {{ ref('stg_compliance__consent_events') }} where not _is_deleted),

raw_phones as (
    select phone as raw_phone from record_versions where phone is not null
    union
    select phone_2 as raw_phone from record_versions where phone_2 is not null
    union
    select subject_key as raw_phone from consents
    where lower(subject_key_type) in ('mobile', 'phone') and subject_key is not null
),

-- A + stays: without it, +1 381 234 5678 would look like a Chinese mobile.
compact as (
    select
        raw_phone,
        {{ regex_replace_all(half_width("raw_phone"), "[ ()-]", "") }} as phone_text
    from raw_phones
)

select
    raw_phone,
    case
        when
            '{{ var("phone_region") }}' = 'CN'
            and {{ regex_like(
                "phone_text",
                "^([+]?86|0086)?(1(610[0-9]|740[0-5])[0-9]{6}|1([38][0-9]|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])[0-9]{8})$"
            ) }}
            then right(phone_text, 11)
    end as mobile_number
from compact
