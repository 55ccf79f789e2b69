-- What people of ours did on leads up to the as-of instant, with the side the actor stood on then.
with activities as (
    select * from {{ ref('int_engagement__sales_activities') }}
    where lead_key is not null and (contact_level is not null or is_rep_action)
),

users as (select * from {{ ref('int_routing__users') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    activities.activity_key,
    activities.lead_key,
    activities.opportunity_key,
    activities.actor_user_id,
    activities.kind,
    activities.contact_level,
    activities.is_rep_action,
    activities.duration_s,
    activities.occurred_at,
    activities.contact_level is not null and activities.is_rep_action as is_attempt,
    activities.is_rep_action and coalesce(users.side, 'sales') = 'sales' as is_sales_action,
    users.side as actor_side
from activities
cross join as_of
left join users
    on
        activities.source_system = users.source_system
        and activities.actor_user_id = users.user_id
        and activities.occurred_at >= users.valid_from
        and activities.occurred_at < coalesce(users.valid_to, timestamp '9999-12-31 00:00:00')
where activities.occurred_at <= as_of.as_of
