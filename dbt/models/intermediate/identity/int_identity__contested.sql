-- Neighbourhoods whose history must be replayed. In all others every record joined the one cluster
-- when it came, and stayed.
with neighbours as (select * from {{ ref('int_identity__neighbours') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

names as (select * from {{ ref('int_identity__name_labels') }} where name_kind = 'full'),

identifier_types as (select * from {{ ref('int_identity__identifier_types') }}),

overrides as (select * from {{ ref('int_identity__overrides') }} where kind in ('cannot_link', 'pin_id')),

placed_edges as (
    select
        neighbours.neighbourhood,
        edges.identifier_type,
        edges.identifier_key,
        case when edges.entity = 'person' then edges.label end as label,
        edges.known_to is not null or edges.known_from <> neighbours.known_from as has_moved
    from edges
    inner join neighbours on edges.entity = neighbours.entity and edges.record_key = neighbours.record_key
),

value_counts as (
    select neighbourhood, identifier_type, count(distinct identifier_key) as n_values
    from placed_edges
    group by neighbourhood, identifier_type
),

reasons as (
    select neighbourhood, 'evidence_moved' as reason from placed_edges where has_moved
    union
    select neighbourhood, 'record_ended' as reason from neighbours where not is_alive_throughout
    union
    select neighbourhood, 'grew_together' as reason
    from neighbours
    group by neighbourhood
    having count(*) filter (where begins_alone) > 0 and count(distinct known_from) > 1
    union
    select placed_edges.neighbourhood, 'several_names' as reason
    from placed_edges
    inner join names on placed_edges.label = names.name_ref
    group by placed_edges.neighbourhood
    having count(distinct names.name_token) > 1
    union
    select value_counts.neighbourhood, 'too_many_values' as reason
    from value_counts
    inner join identifier_types on value_counts.identifier_type = identifier_types.identifier_type
    where value_counts.n_values > identifier_types.max_per_entity
    union
    select neighbours.neighbourhood, 'override' as reason
    from neighbours
    inner join overrides on neighbours.entity = overrides.entity and neighbours.record_key = overrides.record_key
)

select
    neighbourhood,
    {{ distinct_sorted_text("reason", ",") }} as reasons
from reasons
group by neighbourhood
