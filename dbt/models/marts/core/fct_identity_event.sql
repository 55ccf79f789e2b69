-- The subject of an event is the id that lives on: of a merge the survivor, of a split the new one.
with changes as (select * from {{ ref('int_identity__changes') }} where event_kind is not null),

causes as (select * from {{ ref('int_identity__change_causes') }})

select
    {{ surrogate_key([
        "changes.entity", "changes.known_at", "changes.event_kind", "changes.from_key", "changes.to_key"
    ]) }} as identity_event_key,
    changes.event_kind,
    changes.entity,
    coalesce(changes.to_key, changes.from_key) as entity_key,
    case when changes.to_key is not null then changes.from_key end as other_entity_key,
    cast(changes.n_records as bigint) as n_records,
    coalesce(causes.cause, case when changes.event_kind = 'created' then 'first_record' else 'record_withdrawn' end)
        as cause,
    coalesce(causes.record_key, changes.first_record_key) as cause_record_key,
    causes.identifier_type as cause_identifier_type,
    causes.cause_key,
    changes.known_at
from changes
left join causes
    on
        changes.entity = causes.entity
        and changes.known_at = causes.known_at
        and changes.from_key = causes.from_key
        and changes.to_key = causes.to_key
