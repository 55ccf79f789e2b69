-- Leads whose score rose above the threshold and that no SDR or sales person held in time.
with crossings as (select * from {{ ref('fct_lead_score_crossing') }} where threshold_name = 'mql'),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

stays as (select * from {{ ref('fct_lead_stage_interval') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'unassigned' and {{ in_force_now() }}),

owner_periods as (select * from {{ ref('fct_lead_owner_period') }} where owner_side in ('sdr', 'sales')),

owners_now as (select * from {{ ref('fct_lead_owner_period') }} where valid_to is null),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'unassigned'),

computable as (select * from {{ ref('int_routing__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

-- What crosses while already in sales' hands or closed waits for nobody.
waiting as (
    select crossings.*, leads.channel, leads.source_system, leads.lead_id
    from crossings
    inner join leads on crossings.lead_key = leads.lead_key
    inner join stays
        on
            crossings.lead_key = stays.lead_key
            and crossings.crossed_at >= stays.entered_at
            and crossings.crossed_at < coalesce(stays.exited_at, timestamp '9999-12-31 00:00:00')
    inner join watched on stays.stage = watched.stage
    cross join computable
    where computable.has_sides
),

held as (
    select
        waiting.score_crossing_key,
        min(greatest(owner_periods.valid_from, waiting.crossed_at)) as assigned_at
    from waiting
    inner join owner_periods
        on
            waiting.lead_key = owner_periods.lead_key
            and coalesce(owner_periods.valid_to, timestamp '9999-12-31 00:00:00') > waiting.crossed_at
    group by waiting.score_crossing_key
),

-- Closed or taken up otherwise, it waits no longer.
left_stages as (
    select waiting.score_crossing_key, min(stays.entered_at) as left_at
    from waiting
    inner join stays on waiting.lead_key = stays.lead_key and waiting.crossed_at < stays.entered_at
    left join watched on stays.stage = watched.stage
    where watched.stage is null
    group by waiting.score_crossing_key
),

open_leads as (
    select stays.lead_key
    from stays
    inner join watched on stays.stage = watched.stage
    where stays.is_open
),

measured as (
    select
        waiting.*, held.assigned_at, limits.boundary, {{ limit_seconds("limits") }} as limit_seconds,
        limits.rule_version as limit_version,
        {{ seconds_between(
            "waiting.crossed_at", "least(held.assigned_at, left_stages.left_at, as_of.as_of)"
        ) }} as waited_seconds,
        held.assigned_at is null and open_leads.lead_key is not null as is_still_unassigned
    from waiting
    cross join as_of
    inner join limits on {{ in_force('limits', business_date('waiting.crossed_at')) }}
    left join held on waiting.score_crossing_key = held.score_crossing_key
    left join left_stages on waiting.score_crossing_key = left_stages.score_crossing_key
    left join open_leads on waiting.lead_key = open_leads.lead_key
)

select
    measured.score_crossing_key,
    measured.lead_key,
    measured.source_system,
    measured.lead_id,
    measured.channel,
    owners_now.owner_user_id,
    owners_now.owner_team_id,
    cast(measured.total_points as integer) as total_points,
    measured.crossed_at,
    measured.assigned_at,
    measured.waited_seconds / 60 as waited_minutes,
    measured.is_still_unassigned,
    measured.limit_version as rule_version
from measured
left join owners_now on measured.lead_key = owners_now.lead_key
where {{ is_beyond("waited_seconds", "limit_seconds", "boundary") }}
