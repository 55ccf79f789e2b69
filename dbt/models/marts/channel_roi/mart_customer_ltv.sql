-- Value of a customer within a horizon: what a month of a customer is worth, times the chance that it is
-- still one, by Kaplan and Meier, so that young customers do not count as short ones. The interval is
-- Greenwood's; the worth of a month is taken as known.
with tenures as (select * from {{ ref('int_cash__customer_tenures') }}),

survival as (select * from {{ ref('int_cash__customer_survival') }}),

horizons as (select * from {{ ref('ltv_horizon') }} where {{ in_force_now() }}),

verdicts as (select * from {{ ref('ratio_status') }} where {{ in_force_now() }}),

members as (
    select 'all' as channel, account_key, tenure_months, has_lapsed, earned_minor
    from tenures
    union all
    select channel, account_key, tenure_months, has_lapsed, earned_minor
    from tenures
),

groups as (
    select
        channel,
        count(*) as n_customers,
        count(*) filter (where has_lapsed) as n_lapsed,
        max(tenure_months) as observed_months,
        cast(sum(earned_minor) as double) * {{ policy('channel_roi', 'margin_percent') }} / 100
        / nullif(sum(tenure_months), 0) as month_minor
    from members
    group by channel
),

monthly as (
    select
        survival.*,
        horizons.horizon_months,
        survival.still_customer
        * power(1 - {{ policy('ltv', 'monthly_discount_percent') }} / 100.0, survival.month_number) as worth
    from survival
    cross join horizons
    where survival.month_number < horizons.horizon_months
),

ahead as (
    select
        *,
        sum(worth) over (
            partition by channel, horizon_months order by month_number desc nulls last
            rows between unbounded preceding and current row
        ) as worth_from_here
    from monthly
),

valued as (
    select
        channel,
        horizon_months,
        sum(worth) as months_worth,
        sqrt(sum(case
            when d > 0 and n > d then worth_from_here * worth_from_here * d / (cast(n as double) * (n - d)) else 0
        end)) as months_error
    from ahead
    group by channel, horizon_months
),

judged as (
    select
        valued.*,
        groups.n_customers,
        groups.n_lapsed,
        groups.observed_months,
        groups.month_minor,
        case
            when groups.month_minor is null then 'not_computable'
            when groups.observed_months < valued.horizon_months - 1 then 'not_identified'
            when groups.n_customers < {{ policy('ltv', 'small_n_customers') }} then 'small_n'
            else 'ok'
        end as ratio_status
    from valued
    inner join groups on valued.channel = groups.channel
)

select
    {{ surrogate_key(["judged.channel", "judged.horizon_months"]) }} as customer_ltv_key,
    judged.channel,
    judged.horizon_months,
    '{{ var("reporting_currency") }}' as currency,
    judged.n_customers,
    judged.n_lapsed,
    judged.observed_months,
    judged.month_minor as month_value_minor,
    case when judged.ratio_status = 'ok' then judged.month_minor * judged.months_worth end as ltv_minor,
    {% for side, sign in [("low", "-"), ("high", "+")] -%}
    case
        when judged.ratio_status = 'ok' and judged.n_lapsed > 0
            then greatest(
                0,
                judged.month_minor * (judged.months_worth {{ sign }} 1.959963984540054 * judged.months_error)
            )
    end as ltv_{{ side }}_minor,
    {% endfor -%}
    judged.ratio_status,
    verdicts.verdict_en,
    verdicts.verdict_zh
from judged
left join verdicts on judged.ratio_status = verdicts.ratio_status
