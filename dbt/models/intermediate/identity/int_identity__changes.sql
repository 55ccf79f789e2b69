-- What happened to entities: records that moved from one to another at an instant, summed up. An id
-- never changes without a row here.
with moves as (select * from {{ ref('int_identity__moves') }}),

sizes as (select * from {{ ref('int_identity__entity_sizes') }}),

moved as (
    select entity, known_at, from_key, to_key, count(*) as n_records, min(record_key) as first_record_key
    from moves
    group by entity, known_at, from_key, to_key
),

judged as (
    select
        moved.*,
        coalesce(origins.n_after = 0, false) as is_origin_gone,
        coalesce(targets.n_before = 0, false) as is_target_new,
        coalesce(targets.is_reborn, false) as is_target_reborn,
        -- New records beside moved ones join an entity that others make.
        sum(case when moved.from_key is not null then 1 else 0 end) over (
            partition by moved.entity, moved.known_at, moved.to_key
        ) as n_origins
    from moved
    left join sizes as origins
        on
            moved.entity = origins.entity and moved.from_key = origins.entity_key and moved.known_at = origins.known_at
    left join sizes as targets
        on moved.entity = targets.entity and moved.to_key = targets.entity_key and moved.known_at = targets.known_at
)

select
    entity,
    known_at,
    from_key,
    to_key,
    n_records,
    first_record_key,
    case
        when from_key is null and is_target_new and n_origins = 0 then 'created'
        when to_key is null and is_origin_gone then 'emptied'
        when from_key is null or to_key is null then null
        when is_origin_gone and not is_target_new then 'merged'
        when is_origin_gone then 'renamed'
        when is_target_reborn then 'undone'
        when is_target_new then 'split'
        else 'moved'
    end as event_kind
from judged
