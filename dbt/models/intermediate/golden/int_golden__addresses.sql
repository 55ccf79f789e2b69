-- E-mails and mobiles that identity accepts as a person's own, normalised, with the spelling to show.
with stated as (select * from {{ ref('int_golden__stated_values') }} where is_current),

emails as (select * from {{ ref('int_identifiers__emails') }} where is_valid),

phones as (select * from {{ ref('int_identifiers__phones') }} where phone_type in ('mobile', 'foreign')),

accepted as (
    select distinct record_key, identifier_key, entity_key from {{ ref('int_golden__accepted_edges') }}
    where entity = 'person'
),

written as (
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at,
        'email' as identifier_type, emails.canonical_email as identifier_value, emails.email as shown_value
    from stated
    inner join emails on stated.raw_value = emails.raw_email
    where stated.attribute = 'email'
    union all
    select
        stated.record_key, stated.record_type, stated.source_system, stated.said_at,
        'mobile' as identifier_type, phones.e164 as identifier_value, phones.e164 as shown_value
    from stated
    inner join phones on stated.raw_value = phones.raw_phone
    where stated.attribute in ('phone', 'phone_2')
),

keyed as (
    select
        *,
        {{ identifier_key("written") }} as identifier_key
    from written
)

select
    accepted.entity_key as person_key,
    keyed.record_key,
    keyed.record_type,
    keyed.source_system,
    keyed.identifier_type,
    keyed.identifier_key,
    keyed.identifier_value,
    min(keyed.shown_value) as shown_value,
    min(keyed.said_at) as said_at
from keyed
inner join accepted
    on
        keyed.record_key = accepted.record_key
        and keyed.identifier_key = accepted.identifier_key
group by
    accepted.entity_key, keyed.record_key, keyed.record_type, keyed.source_system,
    keyed.identifier_type, keyed.identifier_key, keyed.identifier_value
