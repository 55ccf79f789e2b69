-- bridge_identity of persons alone: a period ends only when the record's person changes.
with memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'person'),

moves as (select * from {{ ref('int_identity__moves') }} where entity = 'person'),

changes as (select * from {{ ref('int_identity__changes') }} where entity = 'person'),

rules as (select max(rule_version) as identity_rule_version from {{ ref('int_identity__identifier_types') }})

select
    memberships.record_key,
    memberships.entity_key as person_key,
    memberships.anchor_record_key,
    memberships.valid_from,
    memberships.valid_to,
    memberships.valid_to is null as is_current,
    coalesce(changes.event_kind, 'joined') as opened_by,
    rules.identity_rule_version
from memberships
cross join rules
left join moves
    on memberships.record_key = moves.record_key and memberships.valid_from = moves.known_at
left join changes
    on
        moves.known_at = changes.known_at
        and coalesce(moves.from_key, '') = coalesce(changes.from_key, '')
        and coalesce(moves.to_key, '') = coalesce(changes.to_key, '')
