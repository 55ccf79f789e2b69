-- Stock and flow of the black hole per business day, cause, channel and team: opening + inflow - outflow =
-- closing. Days without any stock or movement are left out.
with intervals as (select * from {{ ref('fct_black_hole_interval') }}),

movements as (
    select cause, channel, owner_team_id, entered_date as date_day, 1 as entered, 0 as left_hole, 0 as rescued
    from intervals
    union all
    select
        cause, channel, owner_team_id, left_date as date_day, 0 as entered, 1 as left_hole,
        case when is_rescue then 1 else 0 end as rescued
    from intervals
    where left_at is not null
),

cells as (
    select
        {{ surrogate_key(["cause", "channel", "owner_team_id"]) }} as cell_key,
        cause, channel, owner_team_id, date_day,
        sum(entered) as inflow, sum(left_hole) as outflow, sum(rescued) as n_rescued
    from movements
    group by cause, channel, owner_team_id, date_day
),

spans as (
    select cell_key, cause, channel, owner_team_id, min(date_day) as first_day
    from cells
    group by cell_key, cause, channel, owner_team_id
),

days as ({{ day_series(
    "(select min(first_day) from spans)",
    "(select " ~ business_date("as_of") ~ " from " ~ ref("int_time__as_of") ~ ")", "date_day"
) }}),

cell_days as (
    select spans.cell_key, spans.cause, spans.channel, spans.owner_team_id, days.date_day
    from spans
    inner join days on spans.first_day <= days.date_day
),

counted as (
    select
        cell_days.*,
        coalesce(cells.inflow, 0) as inflow,
        coalesce(cells.outflow, 0) as outflow,
        coalesce(cells.n_rescued, 0) as n_rescued,
        sum(coalesce(cells.inflow, 0) - coalesce(cells.outflow, 0)) over (
            partition by cell_days.cell_key order by cell_days.date_day asc nulls last
            rows between unbounded preceding and current row
        ) as closing
    from cell_days
    left join cells on cell_days.cell_key = cells.cell_key and cell_days.date_day = cells.date_day
)

select
    {{ surrogate_key(["cell_key", "date_day"]) }} as black_hole_daily_key,
    date_day,
    cause,
    channel,
    owner_team_id,
    cast(closing - inflow + outflow as bigint) as opening,
    cast(inflow as bigint) as inflow,
    cast(outflow as bigint) as outflow,
    cast(n_rescued as bigint) as n_rescued,
    cast(closing as bigint) as closing
from counted
where closing <> 0 or inflow <> 0 or outflow <> 0
