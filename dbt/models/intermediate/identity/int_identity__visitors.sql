-- Web visitors (cookies) and the person they are as known now; nobody yet, or several: no person.
with records as (select * from {{ ref('int_identity__records') }} where record_type = 'web_visitor'),

persons as (select * from {{ ref('int_identity__person_records') }} where record_type = 'web_visitor')

select
    records.record_key,
    records.source_system,
    records.anonymous_id,
    records.first_known_at,
    persons.person_key
from records
left join persons on records.record_key = persons.record_key
