-- Weeks of a channel in bins of equal number by media spend, with the leads of those weeks.
with ledger as (
    select * from {{ ref('int_cost__ledger') }} where cost_group = 'media' and service_from = service_to
),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

as_of as (select {{ business_date("as_of") }} as as_of_day from {{ ref('int_time__as_of') }}),

spend_weeks as (
    select
        channel,
        cast(date_trunc('week', service_from) as date) as week_start,
        sum(amount_minor) as spend_minor
    from ledger
    group by channel, cast(date_trunc('week', service_from) as date)
),

lead_weeks as (
    select
        channel,
        cast(date_trunc('week', {{ business_date("reached_lead_at") }}) as date) as week_start,
        count(*) as n_leads
    from enquiries
    group by channel, cast(date_trunc('week', {{ business_date("reached_lead_at") }}) as date)
),

ranked as (
    select
        spend_weeks.channel,
        spend_weeks.spend_minor,
        coalesce(lead_weeks.n_leads, 0) as n_leads,
        row_number() over (
            partition by spend_weeks.channel
            order by spend_weeks.spend_minor asc nulls last, spend_weeks.week_start asc nulls last
        ) - 1 as week_rank,
        count(*) over (partition by spend_weeks.channel) as n_weeks
    from spend_weeks
    cross join as_of
    left join lead_weeks
        on spend_weeks.channel = lead_weeks.channel and spend_weeks.week_start = lead_weeks.week_start
    -- The week that is still running is neither a week of spend nor of leads.
    where spend_weeks.week_start + interval '6' day <= as_of.as_of_day and spend_weeks.spend_minor > 0
),

binned as (
    select
        *,
        cast(floor(week_rank * {{ policy('channel_roi', 'spend_bins') }} / n_weeks) as integer) + 1 as spend_bin
    from ranked
)

select
    channel,
    spend_bin,
    count(*) as n_weeks,
    sum(spend_minor) as spend_minor,
    sum(n_leads) as n_leads,
    cast(sum(spend_minor) as double) / count(*) as mean_spend,
    cast(sum(n_leads) as double) / count(*) as mean_leads
from binned
group by channel, spend_bin
