-- Records with their neighbourhood and their place in it by when they were first loaded.
with edges as (select * from {{ ref('int_identity__edges') }}),

-- Two ways to the same components; see var identity_components.
neighbourhoods as (
    {% if var('identity_components') == 'sql' -%}
    select * from {{ ref('int_identity__sql_neighbourhoods') }}
    {%- else -%}
    select * from {{ ref('int_identity__neighbourhoods') }}
    {%- endif %}
),

lifetimes as (select * from {{ ref('int_identity__lifetimes') }}),

record_types as (select * from {{ ref('identity_record_type') }} where {{ in_force_now() }}),

connected as (select distinct entity, record_key, record_node from edges),

lives as (
    select
        record_key,
        record_type,
        min(known_from) as known_from,
        count(*) = 1 and count(known_to) = 0 as is_alive_throughout
    from lifetimes
    group by record_key, record_type
),

placed as (
    select
        connected.entity,
        connected.record_key,
        neighbourhoods.component as neighbourhood,
        coalesce(record_types.is_anchor, true) as is_anchor,
        lives.is_alive_throughout,
        lives.known_from,
        row_number() over (
            partition by neighbourhoods.component
            order by lives.known_from asc nulls last, connected.record_key asc nulls last
        ) as place
    from connected
    inner join neighbourhoods on connected.record_node = neighbourhoods.node
    inner join lives on connected.record_key = lives.record_key
    left join record_types on lives.record_type = record_types.record_type
),

first_on_node as (
    select edges.entity, edges.node_key, min(placed.place) as first_place
    from edges
    inner join placed on edges.record_key = placed.record_key and edges.entity = placed.entity
    group by edges.entity, edges.node_key
),

first_shared as (
    select edges.entity, edges.record_key, min(first_on_node.first_place) as first_place
    from edges
    inner join first_on_node on edges.node_key = first_on_node.node_key and edges.entity = first_on_node.entity
    group by edges.entity, edges.record_key
)

select
    placed.*,
    -- Nothing that was known before connects the record: it began a cluster of its own.
    first_shared.first_place = placed.place and placed.place > 1 as begins_alone
from placed
inner join first_shared on placed.entity = first_shared.entity and placed.record_key = first_shared.record_key
