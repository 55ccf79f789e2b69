-- The features of a learned score, one row each, with the newest instants behind the value: nothing
-- that happened after the snapshot, nothing that was known later. Without the extracts that carry
-- behaviour a count is not computable: NULL, never 0.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

features as (select * from {{ ref('score_model_feature') }} where {{ in_force_now() }}),

hits as (select * from {{ ref('int_scoring__features_hits') }}),

channels as (select * from {{ ref('int_scoring__features_channels') }}),

behaviour_items as (select distinct score_item from {{ ref('score_item') }} where score_group = 'behaviour'),

presence as (
    select computable_from is not null as has_behaviour from {{ ref('int_scoring__behaviour_presence') }}
),

counted as (
    select
        design,
        lead_key,
        snapshot_kind,
        score_item,
        cast(count(*) as integer) as n_hits,
        max(occurred_at) as occurred_at,
        max(known_at) as known_at
    from hits
    group by design, lead_key, snapshot_kind, score_item
)

select
    snapshots.design,
    snapshots.lead_key,
    snapshots.snapshot_kind,
    features.feature,
    features.feature_kind,
    case
        when features.feature_kind = 'channel_family'
            then cast(channels.channel_family is not null as integer)
        when behaviour_items.score_item is null or presence.has_behaviour then coalesce(counted.n_hits, 0)
    end as feature_value,
    counted.occurred_at,
    coalesce(counted.known_at, channels.known_at) as known_at,
    snapshots.snapshot_at,
    snapshots.snapshot_known_at
from snapshots
cross join features
cross join presence
left join behaviour_items
    on features.feature_kind = 'score_item' and features.source_value = behaviour_items.score_item
left join counted
    on
        snapshots.design = counted.design
        and snapshots.lead_key = counted.lead_key
        and snapshots.snapshot_kind = counted.snapshot_kind
        and features.feature_kind = 'score_item'
        and features.source_value = counted.score_item
left join channels
    on
        snapshots.design = channels.design
        and snapshots.lead_key = channels.lead_key
        and snapshots.snapshot_kind = channels.snapshot_kind
        and features.feature_kind = 'channel_family'
        and features.source_value = channels.channel_family
