-- Gini coefficient of the load per full-time month within each team: 0 = all alike. With x sorted,
-- G = sum((2i - n - 1) x_i) / (n sum(x)). A handful of leads is uneven by chance alone: two each, dealt out
-- at random to six, reach 0.55 once in a hundred. Only a month with enough leads is called skewed.
with loads as (select * from {{ ref('mart_assignment_load') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'skewed_load' and {{ in_force_now() }}),

samples as (select * from {{ ref('sales_limit') }} where limit_id = 'skew_sample' and {{ in_force_now() }}),

ranked as (
    select
        *,
        -- Decimals, because a sum of binary fractions depends on the order of its rows.
        cast(assigned_per_fte_month as decimal(18, 6)) as load,
        row_number() over (
            partition by month_start, source_system, team_id, side
            order by assigned_per_fte_month asc nulls last, user_month_key asc nulls last
        ) as position,
        count(*) over (partition by month_start, source_system, team_id, side) as n_members
    from loads
),

measured as (
    select
        month_start,
        source_system,
        team_id,
        side,
        max(n_members) as n_members,
        cast(sum(n_assigned) as bigint) as n_assigned,
        sum(n_days_over_capacity) as n_days_over_capacity,
        {{ ratio("sum(n_active_days)", "max(n_days_of_month)") }} as fte_months,
        max(n_assigned) as n_assigned_most,
        min(n_assigned) as n_assigned_least,
        case
            when sum(load) > 0
                then
                    cast(sum((2 * position - n_members - 1) * load) as double)
                    / cast(max(n_members) * sum(load) as double)
        end as gini
    from ranked
    group by month_start, source_system, team_id, side
),

sampled as (
    select
        measured.*,
        coalesce({{ is_beyond(
            "measured.n_assigned / measured.fte_months", "samples.limit_value", "samples.boundary"
        ) }}, false) as has_enough_leads
    from measured
    left join samples on true
)

select
    {{ surrogate_key(["month_start", "source_system", "team_id", "side"]) }} as assignment_fairness_key,
    sampled.month_start,
    sampled.source_system,
    sampled.team_id,
    sampled.side,
    cast(sampled.n_members as integer) as n_members,
    sampled.fte_months,
    sampled.n_assigned,
    sampled.n_assigned_most,
    sampled.n_assigned_least,
    cast(sampled.n_days_over_capacity as bigint) as n_days_over_capacity,
    sampled.gini,
    sampled.has_enough_leads,
    sampled.has_enough_leads
    and coalesce({{ is_beyond("sampled.gini * 100", "limits.limit_value", "limits.boundary") }}, false) as is_skewed,
    limits.rule_version
from sampled
left join limits on true
