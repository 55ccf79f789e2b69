-- Through the members: an id that was taken apart resolves to every id its records have today.
with memberships as (select * from {{ ref('int_identity__memberships') }})

select
    formerly.entity,
    formerly.entity_key,
    today.entity_key as current_entity_key,
    count(distinct formerly.record_key) as n_records,
    formerly.entity_key = today.entity_key as is_unchanged
from memberships as formerly
inner join memberships as today
    on formerly.entity = today.entity and formerly.record_key = today.record_key
where today.valid_to is null
group by formerly.entity, formerly.entity_key, today.entity_key
