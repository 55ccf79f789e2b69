-- Share of customers still there after each month (Kaplan and Meier), for all and per channel, with how many
-- were at risk and how many left.
with tenures as (select * from {{ ref('int_cash__customer_tenures') }}),

members as (
    select 'all' as channel, account_key, tenure_months, has_lapsed, earned_minor
    from tenures
    union all
    select channel, account_key, tenure_months, has_lapsed, earned_minor
    from tenures
),

months as ({{ series(
    "0", "(select max(horizon_months) from " ~ ref("ltv_horizon") ~ ")", "month_number"
) }}),

at_risk as (
    select
        members.channel,
        months.month_number,
        count(*) filter (where members.tenure_months >= months.month_number) as n,
        count(*) filter (where members.has_lapsed and members.tenure_months = months.month_number) as d
    from members
    cross join months
    group by members.channel, months.month_number
)

select
    *,
    case
        when max(case when d = n and n > 0 then 1 else 0 end) over so_far = 1 then 0
        else exp(sum(case when d < n then ln(1 - cast(d as double) / n) else 0 end) over so_far)
    end as still_customer
from at_risk
window so_far as (
    partition by channel order by month_number asc nulls last
    rows between unbounded preceding and current row
)
