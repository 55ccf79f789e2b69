-- What the weeks of use show: an account has adopted the product after so many weeks of enough use in
-- a row, and lapsed with the first week after them that had too little. Both are known when the week
-- is over, and only then.
with days as (select * from {{ ref('int_customer__usage_days') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

weeks as (
    select
        account_key,
        cast(date_trunc('week', usage_date) as date) as week_start,
        count(*) as n_active_days
    from days
    group by account_key, cast(date_trunc('week', usage_date) as date)
    having count(*) >= {{ policy('customer', 'adoption_active_days') }}
),

neighbours as (
    select
        account_key,
        week_start,
        lag(week_start) over (partition by account_key order by week_start asc nulls last) as previous_week
    from weeks
),

breaks as (
    select
        account_key,
        week_start,
        case
            when
                cast(previous_week as timestamp) + interval '7' day = cast(week_start as timestamp)
                then 0
            else 1
        end as begins_streak
    from neighbours
),

numbered as (
    select
        account_key,
        week_start,
        sum(begins_streak) over (
            partition by account_key order by week_start asc nulls last
            rows between unbounded preceding and current row
        ) as streak_number
    from breaks
),

streaks as (
    select
        account_key,
        streak_number,
        count(*) as n_weeks,
        {{ business_day_start("min(week_start)") }}
        + interval '7' day * {{ policy('customer', 'adoption_weeks') }} as adopted_at,
        {{ business_day_start("max(week_start)") }} + interval '14' day as lapsed_at
    from numbered
    group by account_key, streak_number
),

signals as (
    select account_key, 'adopted' as signal_value, adopted_at as occurred_at
    from streaks
    where n_weeks >= {{ policy('customer', 'adoption_weeks') }}
    union all
    select account_key, 'lapsed' as signal_value, lapsed_at as occurred_at
    from streaks
    where n_weeks >= {{ policy('customer', 'adoption_weeks') }}
)

select signals.account_key, signals.signal_value, signals.occurred_at
from signals
cross join as_of
where signals.occurred_at <= as_of.as_of
