-- Cost line x month of service. A line that spans months is split by days with telescoping cents, so
-- that the months add up to the line exactly.
with lines as (select * from {{ ref('int_cost__ledger') }}),

days as ({{ day_series(
    "(select min(service_from) from lines)", "(select max(service_to) from lines)", "cost_day"
) }}),

days_per_month as (
    select
        lines.cost_key,
        cast(date_trunc('month', days.cost_day) as date) as service_month,
        count(*) as n_days
    from lines
    inner join days on days.cost_day between lines.service_from and lines.service_to
    group by lines.cost_key, cast(date_trunc('month', days.cost_day) as date)
),

running as (
    select
        *,
        sum(n_days) over (
            partition by cost_key order by service_month asc nulls last
            rows between unbounded preceding and current row
        ) as n_days_so_far,
        sum(n_days) over (partition by cost_key) as n_days_total
    from days_per_month
),

cumulated as (
    select
        running.cost_key,
        running.service_month,
        lines.amount_minor as line_amount_minor,
        {{ telescoped_minor("lines.amount_minor", "running.n_days_so_far", "running.n_days_total") }}
            as cumulated_minor
    from running
    inner join lines on running.cost_key = lines.cost_key
)

select
    cost_key,
    service_month,
    cumulated_minor - coalesce(
        lag(cumulated_minor) over (partition by cost_key order by service_month asc nulls last), 0
    ) as amount_minor
from cumulated
