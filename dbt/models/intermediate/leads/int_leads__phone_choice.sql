-- One phone per lead, all its facts from the same number: a mobile before a fixed line before what is
-- no number, the mobile field before the phone field.
with leads as (select * from {{ ref('int_crm__leads') }}),

phones as (select * from {{ ref('int_identifiers__phones') }} where phone_type <> 'empty'),

written as (
    select lead_key, 1 as field_order, mobile_phone as raw_phone from leads
    where mobile_phone is not null
    union all
    select lead_key, 2 as field_order, phone as raw_phone from leads
    where phone is not null
)

select
    written.lead_key,
    phones.national_number as phone_national_number,
    phones.e164 as phone_e164,
    phones.phone_type
from written
inner join phones on written.raw_phone = phones.raw_phone
qualify
    row_number() over (
        partition by written.lead_key
        order by
            case
                when phones.phone_type in ('mobile', 'foreign') then 1
                when phones.phone_type = 'invalid' then 3
                else 2
            end asc nulls last,
            written.field_order asc nulls last
    ) = 1
