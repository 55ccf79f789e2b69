-- Did leads that were answered in time become SQLs more often? A difference in percentage points with
-- its interval, never a ratio, and never more than an association: hot leads are called first.
with judged_clocks as (
    select * from {{ ref('fct_sla') }} where status in ('met', 'breached', 'not_computable')
),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

steps as (
    select * from {{ ref('funnel_step') }}
    where from_stage = 'mql' and to_stage = 'sql' and {{ in_force_now() }}
),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

entries as (
    select stays.lead_key, stays.entered_at
    from stays
    inner join stages on stages.stage = 'sql' and stays.stage_rank >= stages.stage_rank
),

-- A lead that is handed over again has more clocks, and one outcome: the first clock stands for it.
clocks as (
    select judged_clocks.*
    from judged_clocks
    inner join leads on judged_clocks.lead_key = leads.lead_key
    qualify
        row_number() over (
            partition by judged_clocks.policy_id, judged_clocks.lead_key
            order by judged_clocks.started_at asc nulls last, judged_clocks.sla_key asc nulls last
        ) = 1
),

-- The first entry after the clock began; a lead that was an SQL by then has nothing left to win here.
outcomes as (
    select
        clocks.sla_key,
        min(entries.entered_at) filter (where entries.entered_at > clocks.started_at) as reached_sql_at,
        count(*) filter (where entries.entered_at <= clocks.started_at) as n_earlier
    from clocks
    inner join entries on clocks.lead_key = entries.lead_key
    group by clocks.sla_key
),

judged as (
    select
        clocks.policy_id,
        clocks.status,
        steps.horizon_days,
        {{ seconds_between("clocks.started_at", "as_of.as_of") }} >= steps.horizon_days * 86400 as is_mature,
        coalesce(
            {{ seconds_between("clocks.started_at", "outcomes.reached_sql_at") }}
            <= steps.horizon_days * 86400, false
        ) as has_converted
    from clocks
    cross join as_of
    cross join steps
    left join outcomes on clocks.sla_key = outcomes.sla_key
    where coalesce(outcomes.n_earlier, 0) = 0
),

counted as (
    select
        policy_id,
        horizon_days,
        count(*) filter (where status = 'met' and is_mature) as n_met,
        count(*) filter (where status = 'met' and is_mature and has_converted) as n_sql_met,
        count(*) filter (where status = 'breached' and is_mature) as n_breached,
        count(*) filter (where status = 'breached' and is_mature and has_converted) as n_sql_breached,
        count(*) filter (where not is_mature) as n_immature,
        count(*) filter (where status = 'not_computable') as n_not_computable
    from judged
    group by policy_id, horizon_days
)

select
    policy_id,
    cast(horizon_days as integer) as horizon_days,
    n_met,
    n_sql_met,
    n_breached,
    n_sql_breached,
    n_immature,
    100 * ({{ ratio("n_sql_met", "n_met") }} - {{ ratio("n_sql_breached", "n_breached") }}) as difference_pp,
    100 * {{ newcombe_bound("n_sql_met", "n_met", "n_sql_breached", "n_breached", "low") }} as difference_pp_low,
    100 * {{ newcombe_bound("n_sql_met", "n_met", "n_sql_breached", "n_breached", "high") }} as difference_pp_high,
    case
        when n_not_computable > 0 then 'not_computable'
        when n_met = 0 or n_breached = 0 then 'no_comparison'
        when least(n_met, n_breached) < {{ policy('funnel', 'small_n') }} then 'small_n'
        else 'association_only'
    end as reading
from counted
