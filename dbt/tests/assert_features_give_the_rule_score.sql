-- E08, E01: the rule score from the features of the learned score, as of now, is the rule score.
select
    snapshots.lead_key,
    points.total_points as from_features,
    scores.total_points as from_intervals
from {{ ref('int_scoring__features_snapshots') }} as snapshots
inner join {{ ref('int_scoring__features_points') }} as points
    on
        snapshots.design = points.design
        and snapshots.lead_key = points.lead_key
        and snapshots.snapshot_kind = points.snapshot_kind
inner join {{ ref('int_scoring__intervals_then') }} as scores
    on
        snapshots.lead_key = scores.lead_key
        and snapshots.snapshot_at >= scores.valid_from
        and snapshots.snapshot_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
where snapshots.snapshot_kind = 'now' and points.total_points is distinct from scores.total_points
