-- Load against capacity per user and month, also of those who got nothing.
with user_months as (select * from {{ ref('int_routing__user_months') }} where side in ('sdr', 'sales')),

assignments as (select * from {{ ref('int_routing__assignments') }}),

counts as (
    select
        source_system,
        user_id,
        team_id,
        role,
        cast(date_trunc('month', assigned_date) as date) as month_start,
        count(*) as n_assigned,
        count(distinct case when number_of_day > daily_capacity then assigned_date end) as n_days_over_capacity
    from assignments
    group by source_system, user_id, team_id, role, cast(date_trunc('month', assigned_date) as date)
)

select
    user_months.user_month_key,
    user_months.month_start,
    user_months.source_system,
    user_months.user_id,
    user_months.team_id,
    user_months.role,
    user_months.side,
    cast(user_months.n_active_days as integer) as n_active_days,
    cast(user_months.n_days_of_month as integer) as n_days_of_month,
    user_months.fte_months,
    cast(user_months.n_workdays as integer) as n_workdays,
    cast(user_months.capacity as bigint) as capacity,
    coalesce(counts.n_assigned, 0) as n_assigned,
    coalesce(counts.n_days_over_capacity, 0) as n_days_over_capacity,
    {{ ratio("coalesce(counts.n_assigned, 0)", "user_months.capacity") }} as utilisation,
    {{ ratio("coalesce(counts.n_assigned, 0)", "user_months.fte_months") }} as assigned_per_fte_month
from user_months
left join counts
    on
        user_months.source_system = counts.source_system
        and user_months.user_id = counts.user_id
        and user_months.month_start = counts.month_start
        and coalesce(user_months.team_id, '') = coalesce(counts.team_id, '')
        and coalesce(user_months.role, '') = coalesce(counts.role, '')
