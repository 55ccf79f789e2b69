-- Against the threshold in force: leads kept, dropped and added are the confusion table of the two
-- rules. Outcomes are counted over leads that were called; the others are unknown, and said to be.
with cuts as (select * from {{ ref('int_whatif__cuts') }}),

counts as (select * from {{ ref('int_whatif__counts') }}),

daily_load as (select * from {{ ref('int_whatif__load') }}),

loads as (
    select
        threshold_name,
        cut_points,
        count(*) as n_workdays,
        avg(cast(n_crossings as double)) as leads_per_workday,
        avg(cast(capacity as double)) as capacity_per_workday,
        count(*) filter (where n_crossings > capacity) as n_workdays_over_capacity
    from daily_load
    group by threshold_name, cut_points
),

joined as (
    select
        counts.*,
        cuts.threshold_op,
        cuts.is_in_force,
        cuts.label_stage,
        cuts.outcome_days,
        loads.n_workdays,
        case when counts.n_crossings is not null then loads.leads_per_workday end as leads_per_workday,
        loads.capacity_per_workday,
        case
            when counts.n_crossings is not null and loads.capacity_per_workday is not null
                then loads.n_workdays_over_capacity
        end as n_workdays_over_capacity,
        counts.n_label_in_force - counts.n_label_kept as n_label_lost,
        cast(counts.n_never_called as {{ dbt.type_string() }}) as never_called_text,
        cast(counts.n_mature as {{ dbt.type_string() }}) as mature_text
    from counts
    inner join cuts on counts.threshold_name = cuts.threshold_name and counts.cut_points = cuts.cut_points
    left join loads on counts.threshold_name = loads.threshold_name and counts.cut_points = loads.cut_points
)

select
    {{ surrogate_key(["threshold_name", "cut_points"]) }} as threshold_whatif_key,
    threshold_name,
    cut_points as threshold_points,
    threshold_op,
    is_in_force,
    label_stage,
    outcome_days,
    n_crossings,
    n_leads,
    n_leads_kept,
    n_leads_in_force - n_leads_kept as n_leads_dropped,
    n_leads - n_leads_kept as n_leads_added,
    n_workdays,
    leads_per_workday,
    capacity_per_workday,
    {{ ratio("leads_per_workday", "capacity_per_workday") }} as load_share,
    n_workdays_over_capacity,
    n_label_before,
    n_mature,
    n_called,
    n_never_called,
    n_added_never_called,
    n_label,
    {{ ratio("n_label", "n_called") }} as label_rate_of_called,
    {{ wilson_bound("n_label", "n_called", "low") }} as label_rate_low,
    {{ wilson_bound("n_label", "n_called", "high") }} as label_rate_high,
    n_label_kept,
    n_label_lost,
    {{ ratio("n_label_lost", "n_label_in_force") }} as label_lost_share,
    {{ wilson_bound("n_label_lost", "n_label_in_force", "low") }} as label_lost_share_low,
    {{ wilson_bound("n_label_lost", "n_label_in_force", "high") }} as label_lost_share_high,
    n_label_gained,
    n_label + n_never_called as n_label_at_most,
    n_never_called = 0 as is_observed,
    -- NULL where calls are not known.
    never_called_text || ' of ' || mature_text || ' leads above this threshold were never called. '
    || 'Whether they would have got there is not in the data.' as what_is_unknown_en,
    '高于该阈值的 ' || mature_text || ' 条线索中有 ' || never_called_text
    || ' 条从未被联系，它们能否转化，数据中没有答案。' as what_is_unknown_zh
from joined
