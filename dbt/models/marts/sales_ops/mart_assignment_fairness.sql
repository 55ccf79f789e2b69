-- Gini coefficient of the load per full-time month within each team: 0 = all alike. With x sorted,
-- G = sum((2i - n - 1) x_i) / (n sum(x)).
with loads as (select * from {{ ref('mart_assignment_load') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'skewed_load' and {{ in_force_now() }}),

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
)

select
    {{ surrogate_key(["month_start", "source_system", "team_id", "side"]) }} as assignment_fairness_key,
    measured.month_start,
    measured.source_system,
    measured.team_id,
    measured.side,
    cast(measured.n_members as integer) as n_members,
    measured.fte_months,
    measured.n_assigned,
    measured.n_assigned_most,
    measured.n_assigned_least,
    cast(measured.n_days_over_capacity as bigint) as n_days_over_capacity,
    measured.gini,
    coalesce({{ is_beyond("measured.gini * 100", "limits.limit_value", "limits.boundary") }}, false) as is_skewed,
    limits.rule_version
from measured
left join limits on true
