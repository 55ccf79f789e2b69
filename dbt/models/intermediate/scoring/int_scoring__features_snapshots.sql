-- The two instants at which a lead is looked at: when it first entered the stage of the design (what
-- training reads), and now. Each has two clocks: snapshot_at, up to which things may have happened, and
-- snapshot_known_at, up to which we may have learned of them. The second is the delivery that told us
-- of the entry itself: the first moment at which anybody could have computed this row. A row of the
-- CRM delivered in between may hold what was written after the entry, so the row of the lead itself is
-- the one held at snapshot_at, or the first there is (row_known_at).
with designs as (select * from {{ ref('score_model_design') }} where {{ in_force_now() }}),

intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

entries as (
    select
        designs.design,
        intervals.lead_key,
        min(intervals.entered_at) + max(designs.snapshot_days) * interval '1' day as snapshot_at,
        min_by(intervals.known_at, intervals.stay_number) as entry_known_at
    from intervals
    inner join designs on intervals.stage = designs.snapshot_stage
    group by designs.design, intervals.lead_key
),

labels as (
    select
        designs.design,
        intervals.lead_key,
        min(intervals.entered_at) as label_at
    from intervals
    cross join designs
    inner join stages on designs.label_stage = stages.stage
    where intervals.stage_rank >= stages.stage_rank
    group by designs.design, intervals.lead_key
)

select
    designs.design,
    leads.lead_key,
    'entry' as snapshot_kind,
    entries.snapshot_at,
    greatest(entries.entry_known_at, leads.first_known_at, entries.snapshot_at) as snapshot_known_at,
    greatest(leads.first_known_at, entries.snapshot_at) as row_known_at,
    labels.label_at
from entries
inner join designs on entries.design = designs.design
inner join leads on entries.lead_key = leads.lead_key
cross join as_of
left join labels on entries.design = labels.design and entries.lead_key = labels.lead_key
where entries.snapshot_at <= as_of.as_of
union all
select
    designs.design,
    leads.lead_key,
    'now' as snapshot_kind,
    as_of.as_of as snapshot_at,
    as_of.as_of as snapshot_known_at,
    as_of.as_of as row_known_at,
    labels.label_at
from leads
cross join designs
cross join as_of
left join labels on designs.design = labels.design and leads.lead_key = labels.lead_key
