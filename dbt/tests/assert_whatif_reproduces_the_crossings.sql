-- G08: at the threshold in force the what-if is what happened: the same crossings of the same leads at the
-- same instants, of net leads. Only where one version of it has been in force all the time; else history mixes rules.
with single_thresholds as (
    select threshold_name from {{ ref('score_threshold') }} group by threshold_name having count(*) = 1
),

simulated as (
    select crossings.threshold_name, crossings.lead_key, crossings.crossed_at, crossings.crossing_number
    from {{ ref('int_whatif__crossings') }} as crossings
    inner join {{ ref('int_whatif__cuts') }} as cuts
        on crossings.threshold_name = cuts.threshold_name and crossings.cut_points = cuts.cut_points
    inner join single_thresholds on crossings.threshold_name = single_thresholds.threshold_name
    where cuts.is_in_force
),

actual as (
    select crossings.threshold_name, crossings.lead_key, crossings.crossed_at, crossings.crossing_number
    from {{ ref('fct_lead_score_crossing') }} as crossings
    inner join single_thresholds on crossings.threshold_name = single_thresholds.threshold_name
    inner join {{ ref('dim_lead') }} as leads
        on crossings.lead_key = leads.lead_key and leads.cleaning_outcome = 'net'
    where crossings.threshold_name in (select cuts.threshold_name from {{ ref('int_whatif__cuts') }} as cuts)
)

select 'not simulated' as difference, actual.*
from actual
left join simulated
    on
        actual.threshold_name = simulated.threshold_name
        and actual.lead_key = simulated.lead_key
        and actual.crossed_at = simulated.crossed_at
        and actual.crossing_number = simulated.crossing_number
where simulated.lead_key is null
union all
select 'not actual' as difference, simulated.*
from simulated
left join actual
    on
        simulated.threshold_name = actual.threshold_name
        and simulated.lead_key = actual.lead_key
        and simulated.crossed_at = actual.crossed_at
        and simulated.crossing_number = actual.crossing_number
where actual.lead_key is null
