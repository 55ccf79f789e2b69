-- Every enquiry that entered a funnel step, and what came first: the conversion, the exit, or the end
-- of what we can see. At the same instant the conversion wins: a deal that is won is not given up.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

steps as (select * from {{ ref('funnel_step') }} where {{ in_force_now() }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

exits as (select * from {{ ref('int_funnel__exits') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

first_exits as (
    select
        entries.enquiry_lead_key,
        entries.stage,
        min(exits.exited_at) as exited_at,
        min_by(exits.exit_stage, exits.exited_at) as exit_stage
    from entries
    inner join exits
        on entries.enquiry_lead_key = exits.enquiry_lead_key and entries.reached_at <= exits.exited_at
    group by entries.enquiry_lead_key, entries.stage
),

started as (
    select
        steps.from_stage,
        steps.to_stage,
        cast(steps.horizon_days as integer) as horizon_days,
        entries.enquiry_lead_key,
        entries.reached_at as started_at,
        reached.reached_at as converted_at,
        first_exits.exited_at,
        first_exits.exit_stage,
        as_of.as_of,
        reached.reached_at is not null
        and coalesce(reached.reached_at <= first_exits.exited_at, true) as is_converted_first
    from steps
    -- A step of a stage that is switched off is not computed: rates run over enabled stages only.
    inner join stages as from_stages on steps.from_stage = from_stages.stage
    inner join stages as to_stages on steps.to_stage = to_stages.stage
    inner join entries on steps.from_stage = entries.stage
    left join entries as reached
        on entries.enquiry_lead_key = reached.enquiry_lead_key and steps.to_stage = reached.stage
    left join first_exits
        on entries.enquiry_lead_key = first_exits.enquiry_lead_key and entries.stage = first_exits.stage
    cross join as_of
),

outcomes as (
    select
        *,
        case
            when is_converted_first then 'converted'
            when exited_at is not null then 'exited'
            else 'open'
        end as outcome,
        case when is_converted_first then converted_at else coalesce(exited_at, as_of) end as outcome_at
    from started
)

select
    from_stage,
    to_stage,
    horizon_days,
    enquiry_lead_key,
    started_at,
    converted_at,
    exit_stage,
    outcome,
    outcome_at,
    -- A CRM's clock may run ahead of its extract: such an enquiry has been followed for no time at all.
    greatest({{ seconds_between("started_at", "outcome_at") }}, 0) as outcome_s,
    greatest({{ seconds_between("started_at", "as_of") }}, 0) as followed_s,
    {{ seconds_between("started_at", "as_of") }} >= horizon_days * 86400 as is_mature,
    coalesce(
        {{ seconds_between("started_at", "converted_at") }} <= horizon_days * 86400, false
    ) as is_reached_in_time
from outcomes
