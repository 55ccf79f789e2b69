with leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net' and not is_deleted),

lifecycles as (select * from {{ ref('fct_lead_lifecycle') }} where is_current_passage),

stages as (select * from {{ ref('dim_stage') }} where path_kind = 'success' and team in ('marketing', 'sdr')),

scores as (select * from {{ ref('fct_lead_score') }} where valid_to is null),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

contacts as (
    select lead_key, min(occurred_at) as first_contact_at, max(occurred_at) as last_contact_at
    from {{ ref('int_engagement__sales_activities') }}
    where is_rep_action and contact_level is not null
    group by lead_key
),

capacity as (
    select sum(users.daily_capacity) as daily_capacity
    from {{ ref('dim_user') }} as users
    cross join as_of
    where
        lower(users.role) = 'sdr'
        and users.active_from <= as_of.as_of
        and as_of.as_of < coalesce(users.active_to, timestamp '9999-12-31 00:00:00')
),

waiting as (
    select
        leads.lead_key,
        leads.account_key,
        leads.owner_id,
        lifecycles.current_stage,
        scores.total_points,
        scores.band,
        lifecycles.current_stage_since as waiting_since,
        contacts.first_contact_at is not null as is_contacted,
        contacts.last_contact_at
    from leads
    inner join lifecycles on leads.lead_key = lifecycles.lead_key
    inner join stages on lifecycles.current_stage = stages.stage
    left join scores on leads.lead_key = scores.lead_key
    left join contacts on leads.lead_key = contacts.lead_key
),

-- The most likely first, among equals who waits longest, among those the key: a total order.
queued as (
    select
        *,
        cast(row_number() over (
            order by total_points desc nulls last, waiting_since asc nulls last, lead_key asc nulls last
        ) as integer) as queue_position
    from waiting
)

select
    queued.queue_position,
    queued.lead_key,
    queued.account_key,
    queued.owner_id,
    queued.current_stage,
    queued.total_points,
    queued.band,
    queued.waiting_since,
    -- Nobody waits before he came: the clock of a CRM may run ahead of its extract.
    greatest({{ seconds_between("queued.waiting_since", "as_of.as_of") }}, 0) / 86400 as waiting_days,
    queued.is_contacted,
    queued.last_contact_at,
    cast(capacity.daily_capacity as integer) as team_daily_capacity,
    queued.queue_position <= capacity.daily_capacity as is_within_capacity
from queued
cross join capacity
cross join as_of
