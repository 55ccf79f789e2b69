-- Without values: the key of an identifier stands for it.
with edges as (select * from {{ ref('int_identity__edges') }}),

refusals as (
    select distinct record_key, node_key, reason from {{ ref('int_identity__replayed') }}
    where row_kind = 'refusal' and known_to is null
),

memberships as (select * from {{ ref('int_identity__memberships') }} where valid_to is null)

select
    edges.entity,
    edges.record_key,
    edges.node_key,
    edges.identifier_type,
    edges.identifier_key,
    memberships.entity_key,
    edges.strength,
    max(edges.name_group) is not null as is_scoped_by_name,
    max(refusals.reason) as refused_because,
    edges.known_from as valid_from,
    -- One record may hold one identifier under two labels at a time.
    case when count(*) = count(edges.known_to) then max(edges.known_to) end as valid_to
from edges
left join refusals
    on
        edges.record_key = refusals.record_key
        and case when edges.known_to is null then edges.node_key end = refusals.node_key
left join memberships on edges.entity = memberships.entity and edges.record_key = memberships.record_key
group by
    edges.entity, edges.record_key, edges.node_key, edges.identifier_type, edges.identifier_key,
    memberships.entity_key, edges.strength, edges.known_from
