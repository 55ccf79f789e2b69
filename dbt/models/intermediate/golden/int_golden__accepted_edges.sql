-- Evidence that identity accepts today, with the entity it belongs to.
with edges as (select * from {{ ref('int_identity__edges') }} where known_to is null),

refusals as (
    select distinct record_key, node_key from {{ ref('int_identity__replayed') }}
    where row_kind = 'refusal' and known_to is null
),

memberships as (select * from {{ ref('int_identity__memberships') }} where valid_to is null)

select
    edges.entity,
    edges.record_key,
    edges.node_key,
    edges.identifier_key,
    edges.strength,
    memberships.entity_key
from edges
inner join memberships
    on edges.entity = memberships.entity and edges.record_key = memberships.record_key
left join refusals
    on edges.record_key = refusals.record_key and edges.node_key = refusals.node_key
where refusals.record_key is null
