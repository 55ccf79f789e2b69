-- Key figures per business month: the company, and every team that ever had a part in one or a target.
-- A month in which nothing happened is a row too.
with events as (select * from {{ ref('int_scorecards__events') }}),

kpis as (select * from {{ ref('kpi') }} where {{ in_force_now() }}),

targets as (select * from {{ ref('kpi_target') }}),

teams as (select * from {{ ref('team_label') }} where domain = 'company'),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

owned as (
    select events.kpi, teams.team, {{ business_month("events.happened_at") }} as month_start, events.is_good
    from events
    cross join teams
    where events.is_first_row
    union all
    select kpi, team, {{ business_month("happened_at") }} as month_start, is_good
    from events
    where team is not null
),

counted as (
    select kpi, team, month_start, count(*) as n_events, count(*) filter (where is_good) as n_good
    from owned
    group by kpi, team, month_start
),

pairs as (
    select kpi, team from counted
    union
    select kpi, team from targets
),

month_numbers as ({{ series(
    "0",
    "(select coalesce(floor(" ~ seconds_between(
        "cast((select min(month_start) from counted) as timestamp)", "as_of"
    ) ~ " / 86400 / 28) + 1, 0) from as_of)",
    "month_number"
) }}),

months as (
    select
        cast(
            (select min(month_start) from counted)
            + cast(month_numbers.month_number as integer) * interval '1' month as date
        ) as month_start
    from month_numbers
)

select
    kpis.kpi,
    kpis.kpi_kind,
    pairs.team,
    months.month_start,
    coalesce(counted.n_events, 0) as n_events,
    coalesce(counted.n_good, 0) as n_good
from pairs
inner join kpis on pairs.kpi = kpis.kpi
cross join months
cross join as_of
left join counted
    on pairs.kpi = counted.kpi and pairs.team = counted.team and months.month_start = counted.month_start
where months.month_start <= {{ business_date("as_of.as_of") }}
