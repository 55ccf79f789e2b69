-- How many leads a threshold would hand over on each workday, and how many the team could take that
-- day. What crosses at a weekend or on a holiday waits for the next workday.
with crossings as (select * from {{ ref('int_whatif__crossings') }}),

cuts as (select * from {{ ref('int_whatif__cuts') }}),

calendar as (select * from {{ ref('business_calendar') }}),

users as (select * from {{ ref('int_crm__user_periods') }}),

user_roles as (select * from {{ ref('user_role') }} where {{ in_force_now() }}),

leads as (select * from {{ ref('int_leads__leads') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

span as (
    select
        min(leads.created_date) as first_day,
        max({{ business_date("as_of.as_of") }}) as last_day
    from leads
    cross join as_of
),

workdays as (
    select calendar.date as workday
    from calendar
    inner join span on calendar.date >= span.first_day and calendar.date <= span.last_day
    where calendar.is_workday
),

next_workdays as (
    select
        date as calendar_day,
        min(case when is_workday then date end) over (
            order by date asc nulls last rows between current row and unbounded following
        ) as workday
    from calendar
),

offered as (
    select
        crossings.threshold_name, crossings.cut_points, next_workdays.workday, count(*) as n_crossings
    from crossings
    inner join next_workdays on {{ business_date("crossings.crossed_at") }} = next_workdays.calendar_day
    group by crossings.threshold_name, crossings.cut_points, next_workdays.workday
),

sides as (select distinct capacity_side from cuts),

-- A team is a few dozen people: comparing every workday with each of them is cheap.
capacities as (
    select sides.capacity_side, workdays.workday, sum(users.daily_capacity) as capacity
    from sides
    inner join user_roles on sides.capacity_side = user_roles.side
    inner join users on user_roles.user_role = lower(users.role)
    inner join workdays
        on
            workdays.workday >= {{ business_date("users.valid_from") }}
            and workdays.workday < coalesce({{ business_date("users.valid_to") }}, date '9999-12-31')
    group by sides.capacity_side, workdays.workday
)

select
    cuts.threshold_name,
    cuts.cut_points,
    workdays.workday,
    coalesce(offered.n_crossings, 0) as n_crossings,
    capacities.capacity
from cuts
cross join workdays
left join offered
    on
        cuts.threshold_name = offered.threshold_name
        and cuts.cut_points = offered.cut_points
        and workdays.workday = offered.workday
left join capacities
    on cuts.capacity_side = capacities.capacity_side and workdays.workday = capacities.workday
