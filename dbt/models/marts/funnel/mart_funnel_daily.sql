-- Stock and flow of net leads per business day, stage and channel:
-- opening + inflow - outflow = closing. Days without any stock or movement are left out.
-- Times are sums of seconds, so they add up over days and channels; divide by the leads for a mean.
with intervals as (select * from {{ ref('fct_lead_stage_interval') }}),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

calendar as (select * from {{ ref('dim_date') }}),

movements as (
    select
        leads.channel, intervals.stage,
        {{ business_date("intervals.entered_at") }} as date_day, 1 as entered, 0 as exited,
        cast({{ seconds_between("cast('1970-01-01 00:00:00' as timestamp)", "intervals.entered_at") }} as bigint)
            as entered_second,
        cast(0 as bigint) as stayed_seconds
    from intervals
    inner join leads on intervals.lead_key = leads.lead_key
    union all
    select
        leads.channel, intervals.stage,
        {{ business_date("intervals.exited_at") }} as date_day, 0 as entered, 1 as exited,
        -cast({{ seconds_between("cast('1970-01-01 00:00:00' as timestamp)", "intervals.entered_at") }} as bigint)
            as entered_second,
        cast({{ seconds_between("intervals.entered_at", "intervals.exited_at") }} as bigint) as stayed_seconds
    from intervals
    inner join leads on intervals.lead_key = leads.lead_key
    where intervals.exited_at is not null
),

daily as (
    select
        channel, stage, date_day, sum(entered) as inflow, sum(exited) as outflow,
        sum(entered_second) as entered_second, sum(stayed_seconds) as stayed_seconds
    from movements
    group by channel, stage, date_day
),

spans as (
    select channel, stage, min(date_day) as first_day
    from daily
    group by channel, stage
),

days as ({{ day_series(
    "(select min(first_day) from spans)", "(select " ~ business_date("as_of") ~ " from " ~ ref("int_time__as_of") ~ ")", "date_day"
) }}),

cells as (
    select spans.channel, spans.stage, days.date_day, calendar.is_workday
    from spans
    inner join days on spans.first_day <= days.date_day
    -- Leads may be older than the business calendar; their working days are not known.
    left join calendar on days.date_day = calendar.date_day
),

flows as (
    select
        cells.channel,
        cells.stage,
        cells.date_day,
        cells.is_workday,
        coalesce(daily.inflow, 0) as inflow,
        coalesce(daily.outflow, 0) as outflow,
        coalesce(daily.entered_second, 0) as entered_second,
        coalesce(daily.stayed_seconds, 0) as stayed_seconds
    from cells
    left join daily
        on
            cells.channel = daily.channel
            and cells.stage = daily.stage
            and cells.date_day = daily.date_day
),

stocks as (
    select
        *,
        sum(inflow - outflow) over so_far as closing,
        -- Of the leads in stock: the sum of the seconds they came in at.
        sum(entered_second) over so_far as stock_entered_second
    from flows
    window so_far as (
        partition by channel, stage order by date_day asc nulls last
        rows between unbounded preceding and current row
    )
)

select
    {{ surrogate_key(["date_day", "stage", "channel"]) }} as funnel_day_key,
    date_day,
    is_workday,
    stage,
    channel,
    cast(closing - inflow + outflow as bigint) as opening,
    cast(inflow as bigint) as inflow,
    cast(outflow as bigint) as outflow,
    cast(closing as bigint) as closing,
    cast(
        closing * {{ seconds_between(
            "cast('1970-01-01 00:00:00' as timestamp)",
            to_utc("cast(date_day as timestamp) + interval '1' day", var("business_timezone"))
        ) }}
        - stock_entered_second as bigint
    ) as open_seconds_in_stage,
    cast(stayed_seconds as bigint) as closed_seconds_in_stage
from stocks
where closing <> 0 or inflow <> 0 or outflow <> 0
