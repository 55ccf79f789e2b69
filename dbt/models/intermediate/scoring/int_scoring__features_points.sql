-- The 60/40 rule score at each snapshot, from the very hits the features count: what the learned score
-- is compared with. Without the extracts that carry behaviour it is not computable: NULL, never 0.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

hits as (select * from {{ ref('int_scoring__features_hits') }}),

caps as (select * from {{ ref('int_scoring__cap_periods') }}),

presence as (
    select computable_from is not null as has_behaviour from {{ ref('int_scoring__behaviour_presence') }}
),

raw_points as (
    select
        design,
        lead_key,
        snapshot_kind,
        coalesce(sum(points) filter (where score_group = 'behaviour'), 0) as behaviour_raw,
        coalesce(sum(points) filter (where score_group = 'attribute'), 0) as attribute_raw
    from hits
    group by design, lead_key, snapshot_kind
)

select
    snapshots.design,
    snapshots.lead_key,
    snapshots.snapshot_kind,
    case
        when presence.has_behaviour
            then cast(
                least(coalesce(raw_points.behaviour_raw, 0), caps.behaviour_cap)
                + least(coalesce(raw_points.attribute_raw, 0), caps.attribute_cap) as integer
            )
    end as total_points
from snapshots
cross join presence
-- A handful of periods of caps: comparing every snapshot with each of them is cheap.
inner join caps
    on
        snapshots.snapshot_at >= caps.valid_from
        and snapshots.snapshot_at < coalesce(caps.valid_to, timestamp '9999-12-31 00:00:00')
left join raw_points
    on
        snapshots.design = raw_points.design
        and snapshots.lead_key = raw_points.lead_key
        and snapshots.snapshot_kind = raw_points.snapshot_kind
