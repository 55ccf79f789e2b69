-- Edges of the neighbourhoods to replay.
with contested as (select * from {{ ref('int_identity__contested') }}),

neighbours as (select * from {{ ref('int_identity__neighbours') }}),

edges as (select * from {{ ref('int_identity__edges') }})

select
    contested.neighbourhood,
    edges.record_key,
    edges.node_key,
    edges.identifier_type,
    edges.identifier_key,
    edges.strength,
    case when edges.entity = 'person' then edges.label end as label,
    edges.known_from,
    edges.known_to
from contested
inner join neighbours on contested.neighbourhood = neighbours.neighbourhood
inner join edges on neighbours.entity = edges.entity and neighbours.record_key = edges.record_key
