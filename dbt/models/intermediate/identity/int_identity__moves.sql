-- Every change of a record's entity: where it was before and where it is after the instant. No entity
-- before = it came; none after = it was withdrawn.
with memberships as (select * from {{ ref('int_identity__memberships') }}),

starts as (select * from memberships),

ends as (select * from memberships where valid_to is not null)

select
    coalesce(starts.entity, ends.entity) as entity,
    coalesce(starts.record_key, ends.record_key) as record_key,
    coalesce(starts.valid_from, ends.valid_to) as known_at,
    ends.entity_key as from_key,
    starts.entity_key as to_key
from starts
full outer join ends
    on
        starts.entity = ends.entity
        and starts.record_key = ends.record_key
        and starts.valid_from = ends.valid_to
where coalesce(starts.entity_key, '') <> coalesce(ends.entity_key, '')
