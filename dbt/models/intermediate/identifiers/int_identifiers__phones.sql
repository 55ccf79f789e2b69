-- Each distinct raw phone, parsed once: E.164, and whether it can point to one person (mobile, or
-- foreign) or only to a company (fixed line, 400/800/95xxx service number).
with spellings as (select * from {{ ref('int_identifiers__phone_spellings') }}),

parsed as (select * from {{ ref('int_identifiers__phones_parsed') }})

select
    raw_phone,
    mobile_number as national_number,
    'mobile' as phone_type,
    concat('+86', mobile_number) as e164
from spellings
where mobile_number is not null
union all
select raw_phone, national_number, phone_type, e164
from parsed
