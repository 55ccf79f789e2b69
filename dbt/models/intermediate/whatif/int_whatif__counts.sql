-- How many leads each threshold selects, against the one in force, and what became of them. Without
-- the extracts behind a count it is NULL, never 0.
with outcomes as (select * from {{ ref('int_whatif__outcomes') }}),

crossings as (select * from {{ ref('int_whatif__crossings') }}),

cuts as (select * from {{ ref('int_whatif__cuts') }}),

presence as (
    select
        max(cast(is_present as integer)) filter (where extract_table = 'crm_activities') = 1 as has_calls,
        count(*) filter (where is_present and extract_table in ('web_events', 'web_form_submissions')) = 2
            as has_scores
    from {{ ref('int_quality__extract_presence') }}
),

volumes as (
    select threshold_name, cut_points, count(*) as n_crossings
    from crossings
    group by threshold_name, cut_points
),

in_force as (select * from outcomes where is_in_force),

in_force_totals as (
    select threshold_name, count(*) as n_leads, count(*) filter (where is_mature and has_label) as n_label
    from in_force
    group by threshold_name
),

counted as (
    select
        outcomes.threshold_name,
        outcomes.cut_points,
        count(*) as n_leads,
        count(in_force.lead_key) as n_leads_kept,
        count(*) filter (where outcomes.had_label_before) as n_label_before,
        count(*) filter (where outcomes.is_mature) as n_mature,
        count(*) filter (where outcomes.is_mature and outcomes.is_called) as n_called,
        count(*) filter (where outcomes.is_mature and not outcomes.is_called) as n_never_called,
        count(*) filter (where outcomes.is_mature and not outcomes.is_called and in_force.lead_key is null)
            as n_added_never_called,
        count(*) filter (where outcomes.is_mature and outcomes.has_label) as n_label,
        -- Called by the rule in force, and called by this one before the stage was reached.
        count(*) filter (
            where in_force.is_mature and in_force.has_label and outcomes.crossed_at < in_force.label_at
        ) as n_label_kept,
        count(*) filter (
            where
            outcomes.is_mature and outcomes.has_label
            and not coalesce(in_force.crossed_at < outcomes.label_at, false)
        ) as n_label_gained
    from outcomes
    left join in_force
        on outcomes.threshold_name = in_force.threshold_name and outcomes.lead_key = in_force.lead_key
    group by outcomes.threshold_name, outcomes.cut_points
)

-- Where nobody ever rose above a threshold all its counts are 0.
select
    cuts.threshold_name,
    cuts.cut_points,
    case when presence.has_scores then coalesce(volumes.n_crossings, 0) end as n_crossings,
    case when presence.has_scores then coalesce(in_force_totals.n_leads, 0) end as n_leads_in_force,
    case when presence.has_scores then coalesce(in_force_totals.n_label, 0) end as n_label_in_force,
    case when presence.has_scores then coalesce(counted.n_leads, 0) end as n_leads,
    case when presence.has_scores then coalesce(counted.n_leads_kept, 0) end as n_leads_kept,
    case when presence.has_scores then coalesce(counted.n_label_before, 0) end as n_label_before,
    case when presence.has_scores then coalesce(counted.n_mature, 0) end as n_mature,
    case when presence.has_scores then coalesce(counted.n_label, 0) end as n_label,
    case when presence.has_scores then coalesce(counted.n_label_kept, 0) end as n_label_kept,
    case when presence.has_scores then coalesce(counted.n_label_gained, 0) end as n_label_gained,
    case when presence.has_scores and presence.has_calls then coalesce(counted.n_called, 0) end as n_called,
    case when presence.has_scores and presence.has_calls then coalesce(counted.n_never_called, 0) end as n_never_called,
    case when presence.has_scores and presence.has_calls then coalesce(counted.n_added_never_called, 0) end
        as n_added_never_called
from cuts
cross join presence
left join volumes on cuts.threshold_name = volumes.threshold_name and cuts.cut_points = volumes.cut_points
left join counted on cuts.threshold_name = counted.threshold_name and cuts.cut_points = counted.cut_points
left join in_force_totals on cuts.threshold_name = in_force_totals.threshold_name
