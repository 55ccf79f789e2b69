-- Size of each entity before and after every instant at which records came to it or left it.
with moves as (select * from {{ ref('int_identity__moves') }}),

deltas as (
    select entity, to_key as entity_key, known_at, 1 as delta from moves where to_key is not null
    union all
    select entity, from_key as entity_key, known_at, -1 as delta from moves where from_key is not null
),

netted as (
    select entity, entity_key, known_at, sum(delta) as delta
    from deltas
    group by entity, entity_key, known_at
),

summed as (
    select
        *,
        sum(delta) over (
            partition by entity, entity_key order by known_at asc nulls last
            rows between unbounded preceding and current row
        ) as n_after
    from netted
)

select
    entity,
    entity_key,
    known_at,
    cast(n_after - delta as bigint) as n_before,
    cast(n_after as bigint) as n_after,
    -- An id that had members, lost them all, and has some again.
    n_after > 0 and n_after = delta
    and row_number() over (partition by entity, entity_key order by known_at asc nulls last) > 1 as is_reborn
from summed
