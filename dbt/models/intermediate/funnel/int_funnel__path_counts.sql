-- How many of each month's entries into a path came how far within its horizon, by each dimension.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

dimensions as (select * from {{ ref('int_funnel__dimensions') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }} where path_kind <> 'detour'),

paths as (select * from {{ ref('funnel_path') }} where {{ in_force_now() }}),

exits as (select * from {{ ref('int_funnel__exits') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

steps as (
    select
        paths.path, paths.from_stage, paths.horizon_days,
        case when stages.stage = paths.to_stage then paths.benchmark_rate end as benchmark_rate,
        stages.stage,
        cast(stages.path_position - first_stages.path_position as integer) as step_number
    from paths
    inner join stages as first_stages on paths.from_stage = first_stages.stage
    inner join stages as last_stages on paths.to_stage = last_stages.stage
    cross join stages
    where stages.path_position between first_stages.path_position and last_stages.path_position
),

first_exits as (
    select started.enquiry_lead_key, started.stage as from_stage, min(exits.exited_at) as exited_at
    from entries as started
    inner join exits
        on started.enquiry_lead_key = exits.enquiry_lead_key and started.reached_at <= exits.exited_at
    group by started.enquiry_lead_key, started.stage
),

members as (
    select
        steps.*,
        started.enquiry_lead_key,
        {{ business_month("started.reached_at") }} as cohort_month,
        {{ seconds_between("started.reached_at", "as_of.as_of") }} >= steps.horizon_days * 86400 as is_mature,
        coalesce(
            {{ seconds_between("started.reached_at", "reached.reached_at") }} <= steps.horizon_days * 86400, false
        ) as is_reached,
        -- Given up before it got there, and brought back.
        coalesce(reached.reached_at > gone.exited_at, false) as is_after_exit
    from steps
    inner join entries as started on steps.from_stage = started.stage
    left join entries as reached
        on started.enquiry_lead_key = reached.enquiry_lead_key and steps.stage = reached.stage
    left join first_exits as gone
        on
            started.enquiry_lead_key = gone.enquiry_lead_key
            and steps.from_stage = gone.from_stage
    cross join as_of
)

select
    members.path, members.horizon_days, members.benchmark_rate,
    members.stage, members.step_number,
    members.cohort_month, dimensions.dimension_kind, dimensions.dimension_value,
    count(*) as n_entered,
    count(*) filter (where members.is_mature) as n_mature,
    count(*) filter (where members.is_mature and members.is_reached) as n_reached,
    count(*) filter (where members.is_mature and members.is_reached and members.is_after_exit) as n_reached_after_exit
from members
inner join dimensions
    on
        members.enquiry_lead_key = dimensions.enquiry_lead_key
        and members.from_stage = dimensions.stage
        and dimensions.is_by_month
group by all
