-- The person of every record as known now.
with memberships as (
    select * from {{ ref('int_identity__memberships') }} where entity = 'person' and valid_to is null
),

records as (select * from {{ ref('int_identity__records') }}),

connected as (
    select distinct record_key from {{ ref('int_identity__edges') }} where entity = 'person' and known_to is null
)

select
    memberships.record_key,
    records.record_type,
    records.source_system,
    records.record_id,
    records.first_known_at,
    connected.record_key is not null as is_identified,
    memberships.anchor_record_key,
    memberships.entity_key as person_key
from memberships
inner join records on memberships.record_key = records.record_key
left join connected on memberships.record_key = connected.record_key
