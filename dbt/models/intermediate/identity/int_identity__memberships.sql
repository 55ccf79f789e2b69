-- Which person and which account each record belonged to, and since when we knew it. The id is the
-- hash of the anchor, the first record of the cluster that we ever loaded: a function of membership
-- alone, so a rebuild gives the same ids, and what is taken apart gets its former id back.
with neighbours as (select * from {{ ref('int_identity__neighbours') }}),

contested as (select * from {{ ref('int_identity__contested') }}),

replayed as (select * from {{ ref('int_identity__replayed') }} where row_kind = 'membership'),

lifetimes as (select * from {{ ref('int_identity__lifetimes') }} where record_type <> 'crm_account'),

record_types as (select * from {{ ref('identity_record_type') }} where {{ in_force_now() }}),

peaceful as (
    select
        neighbours.*,
        first_value(neighbours.record_key) over (
            partition by neighbours.neighbourhood
            order by case when neighbours.is_anchor then 0 else 1 end asc nulls last, neighbours.place asc nulls last
        ) as anchor_record_key,
        min(case when neighbours.is_anchor then neighbours.known_from end) over (
            partition by neighbours.neighbourhood
        ) as anchor_known_from
    from neighbours
    left join contested on neighbours.neighbourhood = contested.neighbourhood
    where contested.neighbourhood is null
),

-- A person record that nothing connects is a person of its own; a mere address is nobody yet.
alone as (
    select lifetimes.record_key, lifetimes.known_from, lifetimes.known_to
    from lifetimes
    left join record_types on lifetimes.record_type = record_types.record_type
    left join neighbours on lifetimes.record_key = neighbours.record_key and neighbours.entity = 'person'
    where neighbours.record_key is null and coalesce(record_types.is_anchor, true)
),

memberships as (
    select
        entity, record_key, anchor_record_key,
        greatest(known_from, anchor_known_from) as valid_from, cast(null as timestamp) as valid_to
    from peaceful
    where anchor_known_from is not null
    union all
    select neighbours.entity, replayed.record_key, replayed.anchor_record_key, replayed.known_from, replayed.known_to
    from replayed
    inner join neighbours
        on replayed.neighbourhood = neighbours.neighbourhood and replayed.record_key = neighbours.record_key
    union all
    select 'person' as entity, record_key, record_key as anchor_record_key, known_from, known_to
    from alone
)

select
    entity,
    record_key,
    anchor_record_key,
    {{ surrogate_key(["entity", "anchor_record_key"]) }} as entity_key,
    valid_from,
    valid_to
from memberships
