-- The value of each scored field at the snapshot, as known then: the last change up to it, else what
-- the first later change says it was before, else what the CRM delivered. Only what was known counts.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

versions as (select * from {{ ref('int_scoring__features_field_versions') }}),

held as (
    select
        snapshots.design,
        snapshots.lead_key,
        snapshots.snapshot_kind,
        snapshots.snapshot_at,
        versions.field_name,
        versions.evidence,
        versions.changed_at,
        versions.source_sequence,
        versions.row_hash,
        versions.known_from,
        versions.old_value,
        versions.new_value,
        coalesce(versions.changed_at > snapshots.snapshot_at, false) as is_later
    from snapshots
    inner join versions
        on
            snapshots.lead_key = versions.lead_key
            and versions.known_from <= snapshots.snapshot_known_at
            and snapshots.snapshot_known_at < coalesce(versions.known_to, timestamp '9999-12-31 00:00:00')
),

ranked as (
    select
        *,
        row_number() over (
            partition by design, lead_key, snapshot_kind, field_name, evidence, is_later
            order by changed_at desc nulls last, source_sequence desc nulls last, row_hash desc nulls last
        ) as place_from_end,
        row_number() over (
            partition by design, lead_key, snapshot_kind, field_name, evidence, is_later
            order by changed_at asc nulls last, source_sequence asc nulls last, row_hash asc nulls last
        ) as place
    from held
)

select
    design,
    lead_key,
    snapshot_kind,
    field_name,
    case when is_later then old_value else new_value end as field_value,
    -- A value before its first logged change has held since creation.
    case when is_later then cast(null as timestamp) else changed_at end as occurred_at,
    known_from as known_at
from ranked
where (is_later and place = 1) or (not is_later and place_from_end = 1)
qualify
    row_number() over (
        partition by design, lead_key, snapshot_kind, field_name
        order by
            case when evidence = 'delivered' then 3 when is_later then 2 else 1 end asc nulls last
    ) = 1
