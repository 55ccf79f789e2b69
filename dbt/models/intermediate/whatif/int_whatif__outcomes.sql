-- What became of each lead that rose above a threshold: whether anybody called it, and whether it
-- reached the stage in time. Only crossings whose days have passed are mature. A lead nobody called has
-- an unknown outcome, not a bad one.
with crossings as (select * from {{ ref('int_whatif__crossings') }} where crossing_number = 1),

cuts as (select * from {{ ref('int_whatif__cuts') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

activities as (select * from {{ ref('int_engagement__sales_activities') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

contacts as (
    select lead_key, min(occurred_at) as contacted_at
    from activities
    where is_rep_action and contact_level is not null
    group by lead_key
),

label_stages as (
    select distinct cuts.label_stage, stages.stage_rank
    from cuts
    inner join stages on cuts.label_stage = stages.stage
),

labels as (
    select label_stages.label_stage, stays.lead_key, min(stays.entered_at) as label_at
    from stays
    cross join label_stages
    where stays.stage_rank >= label_stages.stage_rank
    group by label_stages.label_stage, stays.lead_key
),

joined as (
    select
        crossings.threshold_name,
        crossings.cut_points,
        cuts.is_in_force,
        crossings.lead_key,
        crossings.crossed_at,
        labels.label_at,
        contacts.contacted_at,
        crossings.crossed_at + cuts.outcome_days * interval '1' day as due_at
    from crossings
    inner join cuts
        on crossings.threshold_name = cuts.threshold_name and crossings.cut_points = cuts.cut_points
    left join labels on cuts.label_stage = labels.label_stage and crossings.lead_key = labels.lead_key
    left join contacts on crossings.lead_key = contacts.lead_key
)

select
    joined.*,
    -- Who had got there before needs no call: neither a success nor a failure of the threshold.
    joined.due_at <= as_of.as_of and not coalesce(joined.label_at <= joined.crossed_at, false) as is_mature,
    coalesce(joined.label_at <= joined.crossed_at, false) as had_label_before,
    coalesce(joined.label_at > joined.crossed_at and joined.label_at <= joined.due_at, false) as has_label,
    -- Who reached the stage was talked to, logged or not.
    coalesce(joined.contacted_at <= joined.due_at, false) or coalesce(joined.label_at <= joined.due_at, false)
        as is_called
from joined
cross join as_of
