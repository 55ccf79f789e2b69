-- Days on which a user held a role in a team, per month, up to the as-of day: full-time equivalents
-- from the user's periods, so a join or move in the middle of a month is prorated (G16).
with users as (select * from {{ ref('int_routing__users') }}),

calendar as (select * from {{ ref('business_calendar') }}),

as_of as (select {{ business_date("as_of") }} as as_of_day from {{ ref('int_time__as_of') }}),

-- Before the first lead nobody worked on any.
first_lead as (select {{ business_month("min(created_at)") }} as first_month from {{ ref('int_crm__leads') }}),

days as (
    select
        calendar.date as date_day,
        cast(date_trunc('month', calendar.date) as date) as month_start,
        calendar.is_workday,
        count(*) over (partition by date_trunc('month', calendar.date)) as n_days_of_month
    from calendar
),

active as (
    select users.*, days.month_start, days.is_workday, days.n_days_of_month
    from users
    inner join days
        on
            {{ business_date("users.valid_from") }} <= days.date_day
            and days.date_day < coalesce({{ business_date("users.valid_to") }}, date '9999-12-31')
    cross join as_of
    cross join first_lead
    where days.date_day <= as_of.as_of_day and days.month_start >= first_lead.first_month
)

select
    {{ surrogate_key(["source_system", "user_id", "month_start", "team_id", "role"]) }} as user_month_key,
    source_system,
    user_id,
    month_start,
    team_id,
    role,
    side,
    count(*) as n_active_days,
    sum(case when is_workday then 1 else 0 end) as n_workdays,
    sum(case when is_workday then daily_capacity end) as capacity,
    max(n_days_of_month) as n_days_of_month,
    cast(count(*) as double) / max(n_days_of_month) as fte_months
from active
group by source_system, user_id, month_start, team_id, role, side
