-- People: workdays of a role in a month, valued by the rate of the role, shared over the channels whose
-- leads its people worked on. Months in which they worked on none stay on the channel `unknown`.
with user_months as (select * from {{ ref('int_routing__user_months') }}),

rates as (select * from {{ ref('labour_rate') }}),

users as (select * from {{ ref('int_routing__users') }}),

activities as (select * from {{ ref('int_engagement__sales_activities') }} where is_rep_action),

leads as (select * from {{ ref('int_leads__leads') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

valued as (
    select
        user_months.source_system,
        rates.user_role,
        user_months.month_start as service_month,
        rates.currency,
        cast(sum(user_months.n_workdays) as bigint) as n_workdays,
        {{ money_minor(
            "cast(sum(user_months.n_workdays) as decimal(9, 0)) * max(rates.hours_per_day * rates.hourly_rate)"
        ) }} as amount_minor
    from user_months
    inner join rates
        on
            lower(user_months.role) = lower(rates.user_role)
            and {{ in_force('rates', 'user_months.month_start') }}
    group by user_months.source_system, rates.user_role, user_months.month_start, rates.currency
),

worked as (
    select
        users.source_system,
        lower(users.role) as user_role,
        {{ business_month("activities.occurred_at") }} as service_month,
        leads.channel,
        count(*) as n_actions
    from activities
    inner join users
        on
            activities.source_system = users.source_system
            and activities.actor_user_id = users.user_id
            and activities.occurred_at >= users.valid_from
            and activities.occurred_at < coalesce(users.valid_to, timestamp '9999-12-31 00:00:00')
    inner join leads on activities.lead_key = leads.lead_key
    group by users.source_system, lower(users.role), {{ business_month("activities.occurred_at") }}, leads.channel
),

shared as (
    select
        valued.*,
        coalesce(worked.channel, 'unknown') as channel,
        sum(coalesce(worked.n_actions, 1)) over so_far as actions_so_far,
        sum(coalesce(worked.n_actions, 1)) over (
            partition by valued.source_system, valued.user_role, valued.service_month
        ) as n_actions
    from valued
    left join worked
        on
            valued.source_system = worked.source_system
            and lower(valued.user_role) = worked.user_role
            and valued.service_month = worked.service_month
    window so_far as (
        partition by valued.source_system, valued.user_role, valued.service_month
        order by worked.channel asc nulls last rows between unbounded preceding and current row
    )
),

cumulated as (
    select *, {{ telescoped_minor("amount_minor", "actions_so_far", "n_actions") }} as cumulated_minor
    from shared
)

select
    {{ surrogate_key(["'labour'", "source_system", "user_role", "service_month", "channel"]) }} as cost_key,
    source_system,
    user_role,
    channel,
    service_month,
    currency,
    cast(
        cast(cumulated_minor - coalesce(lag(cumulated_minor) over role_month, 0) as decimal(18, 2))
        * cast(0.01 as decimal(3, 2)) as decimal(18, 4)
    ) as amount,
    as_of.as_of as known_at
from cumulated
cross join as_of
window role_month as (
    partition by source_system, user_role, service_month order by channel asc nulls last
)
