-- The shortest chain of evidence between two records of one person (or one account): record,
-- identifier, record, identifier, record. Reads the published marts alone, so it can be copied.
--   $entity        person or account
--   $from_record   record_key of the first record (see bridge_identity)
--   $to_record     record_key of the second one
-- Breadth first. Of several chains with as few steps the one whose weakest identifier is strongest is
-- told, then the one with the smaller keys. No row: the records are not one person, or the same one.
with recursive edges as (
    select record_key, node_key, identifier_type, identifier_key, max(strength) as strength,
        min(valid_from) as known_since
    from marts.fct_identity_edge
    where
        entity = $entity and valid_to is null and refused_because is null
        and entity_key in (
            select entity_key from marts.fct_identity_edge where entity = $entity and record_key = $from_record
        )
    group by record_key, node_key, identifier_type, identifier_key
),

steps as (
    select record_key as here, node_key as there, strength from edges
    union all
    select node_key as here, record_key as there, strength from edges
),

size as (select count(distinct record_key) as n_records from edges),

-- Each vertex with every depth it is met at, until the target is met. A walk may turn back, hence the
-- limit: no shortest chain has more records than there are.
walk as (
    select $from_record as vertex, 0 as depth, 1000 as weakest, 0 as has_arrived
    union
    select
        steps.there as vertex,
        walk.depth + 1 as depth,
        least(walk.weakest, steps.strength) as weakest,
        max(case when steps.there = $to_record then 1 else 0 end) over () as has_arrived
    from walk
    inner join steps on walk.vertex = steps.here
    cross join size
    where walk.has_arrived = 0 and walk.depth < 2 * size.n_records
),

nearest as (select vertex, min(depth) as depth from walk group by vertex),

reached as (
    select walk.vertex, walk.depth, max(walk.weakest) as weakest
    from walk
    inner join nearest on walk.vertex = nearest.vertex and walk.depth = nearest.depth
    group by walk.vertex, walk.depth
),

goal as (select vertex, depth, weakest from reached where vertex = $to_record),

-- One way back from each vertex that keeps the strength of the goal's best chain.
parents as (
    select
        reached.vertex,
        before.vertex as parent,
        row_number() over (partition by reached.vertex order by before.vertex asc nulls last) as choice
    from reached
    inner join steps on reached.vertex = steps.there
    inner join reached as before on steps.here = before.vertex and reached.depth - 1 = before.depth
    cross join goal
    where before.weakest >= goal.weakest and steps.strength >= goal.weakest
),

chain as (
    select vertex, depth from goal
    union all
    select parents.parent as vertex, chain.depth - 1 as depth
    from chain
    inner join parents on chain.vertex = parents.vertex
    where parents.choice = 1
)

select
    cast((nodes.depth + 1) / 2 as integer) as step,
    befores.vertex as from_record_key,
    nodes.vertex as node_key,
    edges.identifier_type,
    edges.identifier_key,
    edges.strength,
    edges.known_since,
    afters.vertex as to_record_key
from chain as nodes
inner join chain as befores on nodes.depth - 1 = befores.depth
inner join chain as afters on nodes.depth + 1 = afters.depth
inner join edges on befores.vertex = edges.record_key and nodes.vertex = edges.node_key
where mod(nodes.depth, 2) = 1
order by step asc nulls last
