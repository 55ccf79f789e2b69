-- Why entities merged or came apart: a decision of a human first, then the strongest edge that began
-- or ended at that instant on a record that moved or on one it met.
with changes as (
    select * from {{ ref('int_identity__changes') }}
    where event_kind in ('merged', 'split', 'moved', 'undone', 'renamed')
),

moves as (select * from {{ ref('int_identity__moves') }}),

memberships as (select * from {{ ref('int_identity__memberships') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

overrides as (select * from {{ ref('int_identity__overrides') }}),

refusals as (select * from {{ ref('int_identity__replayed') }} where row_kind = 'refusal'),

-- Who was or is involved: the records that moved, and the members of both entities at that instant.
involved as (
    select changes.entity, changes.known_at, changes.from_key, changes.to_key, memberships.record_key
    from changes
    inner join memberships
        on changes.entity = memberships.entity and memberships.entity_key in (changes.from_key, changes.to_key)
    where
        memberships.valid_from <= changes.known_at
        and (memberships.valid_to is null or memberships.valid_to >= changes.known_at)
),

candidates as (
    select
        involved.entity, involved.known_at, involved.from_key, involved.to_key, 1 as priority,
        case when overrides.known_from = involved.known_at then 'override' else 'override_withdrawn' end as cause,
        involved.record_key, overrides.identifier_type, overrides.override_id as cause_key, 0 as strength
    from involved
    inner join overrides
        on
            involved.entity = overrides.entity and involved.record_key = overrides.record_key
            and (involved.known_at = overrides.known_from or involved.known_at = overrides.known_to)
    union all
    select
        involved.entity, involved.known_at, involved.from_key, involved.to_key, 2 as priority,
        concat('refused_', refusals.reason) as cause,
        involved.record_key, null as identifier_type, refusals.node_key as cause_key, 0 as strength
    from involved
    inner join refusals
        on involved.record_key = refusals.record_key and involved.known_at = refusals.known_from
    union all
    select
        involved.entity, involved.known_at, involved.from_key, involved.to_key,
        case when moves.record_key is not null then 3 else 4 end as priority,
        case when edges.known_from = involved.known_at then 'new_evidence' else 'evidence_ended' end as cause,
        involved.record_key, edges.identifier_type, edges.identifier_key as cause_key, edges.strength
    from involved
    inner join edges
        on
            involved.entity = edges.entity and involved.record_key = edges.record_key
            and (involved.known_at = edges.known_from or involved.known_at = edges.known_to)
    left join moves
        on
            involved.entity = moves.entity and involved.record_key = moves.record_key
            and involved.known_at = moves.known_at
)

select *
from candidates
qualify
    row_number() over (
        partition by entity, known_at, from_key, to_key
        order by
            priority asc nulls last, strength desc nulls last,
            cause asc nulls last, record_key asc nulls last, cause_key asc nulls last
    ) = 1
