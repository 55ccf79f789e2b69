-- One row per enquiry and clock to a first attempt: how long it took, what was known when the clock began, and
-- whether an SQL came of it within the horizon (M03, D6). hours: NULL = never within the horizon, 0 = contacted
-- before the clock began. A lead that was an SQL already has nothing to win; one that became an SQL without
-- being contacted first is set apart: no contact made it, and no faster one could.
with clocks as (
    select * from {{ ref('int_sla__clocks') }}
    where stop_level = 'attempt' and clock_start in ('created', 'assigned')
),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

steps as (
    select * from {{ ref('funnel_step') }} where from_stage = 'mql' and to_stage = 'sql' and {{ in_force_now() }}
),

scores as (select * from {{ ref('int_scoring__intervals') }}),

channels as (select * from {{ ref('channel') }} where {{ in_force_now() }}),

touches as (select * from {{ ref('int_questions__earlier_touches') }}),

shifts as (select * from {{ ref('int_time__business_shifts') }}),

-- An enquiry counts once per clock, at its first start.
first_clocks as (
    select
        clocks.*, enquiries.person_key, enquiries.channel, enquiries.reached_mql_at,
        enquiries.reached_sql_at, steps.horizon_days
    from clocks
    inner join enquiries on clocks.lead_key = enquiries.enquiry_lead_key
    cross join steps
    qualify
        row_number() over (
            partition by clocks.policy_id, clocks.lead_key
            order by clocks.started_at asc nulls last, clocks.clock_key asc nulls last
        ) = 1
),

local as (
    select
        first_clocks.*,
        {{ business_date("started_at") }} as started_day,
        {{ seconds_between(
            "date_trunc('day', " ~ to_local("started_at", var("business_timezone")) ~ ")",
            to_local("started_at", var("business_timezone"))
        ) }} as started_second,
        started_at + horizon_days * interval '1' day as due_at_horizon
    from first_clocks
),

in_hours as (
    select distinct local.clock_key
    from local
    inner join shifts
        on
            local.started_day = shifts.date_day
            and local.started_second >= shifts.opens_second
            and local.started_second < shifts.closes_second
)

select
    local.policy_id,
    local.clock_start,
    local.clock,
    local.lead_key,
    local.person_key,
    local.user_id,
    local.started_at,
    local.has_contacts,
    coalesce(channels.channel_family, 'unknown') as channel_family,
    scores.behaviour_points,
    scores.attribute_points,
    in_hours.clock_key is null as is_out_of_hours,
    coalesce(touches.n_touches, 0) as n_earlier_touches,
    local.due_at_horizon <= local.as_of as is_mature,
    coalesce(local.reached_sql_at <= local.started_at, false) as is_sql_already,
    coalesce(local.reached_sql_at <= local.due_at_horizon, false) as has_converted,
    coalesce(local.reached_sql_at <= local.due_at_horizon, false)
    and coalesce(local.stopped_at > local.reached_sql_at, true) as is_self_converted,
    case
        when local.stopped_at <= local.started_at then 0
        when local.stopped_at <= local.due_at_horizon
            then case local.clock
                when 'clock' then local.elapsed_clock_seconds else local.elapsed_business_seconds
            end / 3600
    end as response_hours,
    -- It waited for the lead to qualify: that time is not our speed.
    coalesce(
        local.reached_mql_at > local.started_at and local.reached_mql_at <= local.stopped_at, false
    ) as is_ripened
from local
left join channels on local.channel = channels.channel
left join touches on local.clock_key = touches.clock_key
left join in_hours on local.clock_key = in_hours.clock_key
left join scores
    on
        local.lead_key = scores.lead_key
        and local.started_at >= scores.valid_from
        and local.started_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
