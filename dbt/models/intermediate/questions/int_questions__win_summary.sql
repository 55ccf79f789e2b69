-- The figures of question 2 over all wins: means with intervals, of the winners, of the leads beside them, and
-- of the difference, win by win: wins are independent of each other, the leads beside one win are not.
with pairs as (select * from {{ ref('int_questions__win_values') }}),

missed as (select * from {{ ref('int_questions__missed_wins') }}),

means as (
    select
        measure,
        score_kind,
        count(*) as n,
        sum(n_controls) as n_controls,
        {{ steady_mean("win_value") }} as value_mean,
        {{ steady_mean_error("win_value") }} as value_error,
        percentile_cont(0.25) within group (order by win_value asc nulls last) as value_p25,
        percentile_cont(0.5) within group (order by win_value asc nulls last) as value_median,
        percentile_cont(0.75) within group (order by win_value asc nulls last) as value_p75,
        {{ steady_mean("control_value") }} as control_mean,
        {{ steady_mean("(win_value - control_value)") }} as difference_mean,
        {{ steady_mean_error("(win_value - control_value)") }} as difference_error
    from pairs
    group by measure, score_kind
),

shares as (
    select count(is_missed) as n, count(*) filter (where is_missed) as k from missed
)

select
    measure,
    score_kind,
    n,
    cast(n_controls as bigint) as n_controls,
    value_mean as figure,
    value_mean - {{ normal_quantile(95) }} * value_error as figure_low,
    value_mean + {{ normal_quantile(95) }} * value_error as figure_high,
    value_p25,
    value_median,
    value_p75,
    control_mean,
    difference_mean as difference,
    difference_mean - {{ normal_quantile(95) }} * difference_error as difference_low,
    difference_mean + {{ normal_quantile(95) }} * difference_error as difference_high
from means
union all
select
    'missed_share' as measure,
    'now' as score_kind,
    n,
    cast(0 as bigint) as n_controls,
    100 * {{ ratio("k", "n") }} as figure,
    100 * {{ wilson_bound("k", "n", "low") }} as figure_low,
    100 * {{ wilson_bound("k", "n", "high") }} as figure_high,
    cast(null as double) as value_p25,
    cast(null as double) as value_median,
    cast(null as double) as value_p75,
    cast(null as double) as control_mean,
    cast(null as double) as difference,
    cast(null as double) as difference_low,
    cast(null as double) as difference_high
from shares
