-- Cohort = business month in which an enquiry reached from_stage. Only members older than the
-- horizon are counted in the rate, so a young cohort shows NULL and never a low number.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

steps as (select * from {{ ref('funnel_step') }} where {{ in_force_now() }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

members as (
    select
        steps.from_stage,
        steps.to_stage,
        steps.horizon_days,
        started.channel,
        {{ business_month("started.reached_at") }} as cohort_month,
        {{ seconds_between("started.reached_at", "as_of.as_of") }} >= steps.horizon_days * 86400 as is_mature,
        reached.reached_at is not null as has_converted,
        coalesce(
            {{ seconds_between("started.reached_at", "reached.reached_at") }} <= steps.horizon_days * 86400,
            false
        ) as has_converted_in_time
    from steps
    -- A step of a stage that is switched off is not computed: rates run over enabled stages only.
    inner join stages as from_stages on steps.from_stage = from_stages.stage
    inner join stages as to_stages on steps.to_stage = to_stages.stage
    inner join entries as started on steps.from_stage = started.stage
    left join entries as reached
        on
            started.enquiry_lead_key = reached.enquiry_lead_key
            and steps.to_stage = reached.stage
    cross join as_of
),

counted as (
    select
        cohort_month,
        channel,
        from_stage,
        to_stage,
        cast(horizon_days as integer) as horizon_days,
        count(*) as n_entered,
        count(*) filter (where has_converted) as n_converted_ever,
        count(*) filter (where is_mature) as n_mature,
        count(*) filter (where is_mature and has_converted_in_time) as n_converted
    from members
    group by cohort_month, channel, from_stage, to_stage, horizon_days
),

judged as (
    select
        counted.*,
        presence.has_wins or counted.to_stage not in ('opportunity', 'account') as is_computable
    from counted
    cross join presence
)

select
    {{ surrogate_key(["cohort_month", "channel", "from_stage", "to_stage"]) }} as funnel_cohort_key,
    cohort_month,
    channel,
    from_stage,
    to_stage,
    horizon_days,
    n_entered,
    case when is_computable then n_converted_ever end as n_converted_ever,
    n_mature,
    case when is_computable then n_converted end as n_converted,
    {{ ratio("n_converted", "n_mature", "is_computable") }} as conversion_rate,
    case when is_computable then {{ wilson_bound("n_converted", "n_mature", "low") }} end as conversion_rate_low,
    case when is_computable then {{ wilson_bound("n_converted", "n_mature", "high") }} end as conversion_rate_high,
    n_mature = n_entered as is_mature,
    case
        when not is_computable then 'not_computable'
        when n_mature < n_entered then 'immature'
        when n_mature < {{ policy('funnel', 'small_n') }} then 'small_n'
        else 'ok'
    end as ratio_status
from judged
