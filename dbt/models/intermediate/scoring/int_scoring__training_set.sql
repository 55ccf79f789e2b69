-- One row per net lead that may be learned from: the snapshot, whether the stage was reached in time,
-- and what the rule score gave at that very snapshot, from the same hits. A lead that had reached the
-- stage already is no example; one whose horizon has not passed is there, and not matured. Tests, spam
-- and duplicates end for reasons that no feature has: they would be failures nobody saw.
with snapshots as (
    select * from {{ ref('int_scoring__features_snapshots') }} where snapshot_kind = 'entry'
),

designs as (select * from {{ ref('score_model_design') }} where {{ in_force_now() }}),

leads as (select * from {{ ref('int_leads__leads') }}),

outcomes as (select * from {{ ref('int_leads__outcomes') }} where cleaning_outcome = 'net'),

rule_scores as (select * from {{ ref('int_scoring__features_points') }} where snapshot_kind = 'entry'),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    snapshots.design,
    snapshots.lead_key,
    leads.person_key,
    snapshots.snapshot_at,
    snapshots.snapshot_known_at,
    snapshots.label_at,
    rule_scores.total_points as rule_points,
    snapshots.snapshot_at + designs.horizon_days * interval '1' day as label_due_at,
    snapshots.snapshot_at + designs.horizon_days * interval '1' day <= as_of.as_of as is_label_matured,
    coalesce(
        snapshots.label_at <= snapshots.snapshot_at + designs.horizon_days * interval '1' day, false
    ) as has_label
from snapshots
inner join designs on snapshots.design = designs.design
inner join leads on snapshots.lead_key = leads.lead_key
inner join outcomes on snapshots.lead_key = outcomes.lead_key
cross join as_of
inner join rule_scores
    on snapshots.design = rule_scores.design and snapshots.lead_key = rule_scores.lead_key
where snapshots.label_at is null or snapshots.label_at > snapshots.snapshot_at
