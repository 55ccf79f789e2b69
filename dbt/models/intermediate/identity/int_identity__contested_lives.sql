-- Lifetimes of the records in the neighbourhoods to replay, and the decisions of humans on them. In
-- the account graph a record lives while it says something of a company.
with contested as (select * from {{ ref('int_identity__contested') }}),

neighbours as (select * from {{ ref('int_identity__neighbours') }}),

lifetimes as (select * from {{ ref('int_identity__lifetimes') }}),

edges as (select * from {{ ref('int_identity__contested_edges') }}),

overrides as (select * from {{ ref('int_identity__overrides') }} where kind in ('cannot_link', 'pin_id')),

members as (
    select neighbours.*
    from neighbours
    inner join contested on neighbours.neighbourhood = contested.neighbourhood
)

select
    members.neighbourhood, 'life' as kind, cast(null as {{ dbt.type_string() }}) as override_id,
    members.record_key, members.known_from as first_known_at, members.is_anchor,
    lifetimes.known_from, lifetimes.known_to
from members
inner join lifetimes on members.record_key = lifetimes.record_key
where members.entity = 'person'
union
select
    members.neighbourhood, 'life' as kind, cast(null as {{ dbt.type_string() }}) as override_id,
    members.record_key, members.known_from as first_known_at, members.is_anchor,
    edges.known_from, edges.known_to
from members
inner join edges on members.neighbourhood = edges.neighbourhood and members.record_key = edges.record_key
where members.entity = 'account'
union
select
    members.neighbourhood, overrides.kind, overrides.override_id,
    members.record_key, members.known_from as first_known_at, members.is_anchor,
    overrides.known_from, overrides.known_to
from members
inner join overrides on members.entity = overrides.entity and members.record_key = overrides.record_key
