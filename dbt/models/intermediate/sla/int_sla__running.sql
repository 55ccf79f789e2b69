-- One row per clock x policy that applies to it: where it stopped, or how far it got.
with starts as (select * from {{ ref('int_sla__starts') }}),

first_contacts as (select * from {{ ref('int_sla__first_contacts') }}),

policies as (select * from {{ ref('sla_policy') }}),

scores as (select * from {{ ref('int_scoring__intervals') }}),

thresholds as (select * from {{ ref('score_threshold') }} where threshold_name = 'mql'),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

scored as (
    select
        starts.clock_key,
        scores.total_points,
        {{ is_beyond("scores.total_points", "thresholds.threshold_points", "thresholds.threshold_op") }}
            as is_above_threshold
    from starts
    inner join scores
        on
            starts.lead_key = scores.lead_key
            and starts.started_at >= scores.valid_from
            and starts.started_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
    left join thresholds on {{ in_force('thresholds', business_date('starts.started_at')) }}
),

applied as (
    select
        starts.*, scored.total_points, policies.policy_id, policies.stop_level, policies.clock,
        policies.target_seconds, policies.boundary, policies.is_binding, policies.rule_version, as_of.as_of,
        first_contacts.first_attempt_at, first_contacts.first_connected_at, first_contacts.first_action_at,
        case policies.stop_level
            when 'attempt' then first_contacts.first_attempt_at
            when 'connected' then first_contacts.first_connected_at
            when 'rep_action' then first_contacts.first_action_at
        end as stopped_at
    from starts
    inner join policies
        on
            starts.clock_start = policies.clock_start
            and {{ in_force('policies', business_date('starts.started_at')) }}
    cross join as_of
    left join first_contacts on starts.clock_key = first_contacts.clock_key
    left join scored on starts.clock_key = scored.clock_key
    where
        coalesce(policies.applies_stage = starts.stage_at_start, policies.applies_stage is null)
        and coalesce(
            policies.applies_above_threshold = scored.is_above_threshold,
            policies.applies_above_threshold is null
        )
)

select
    *,
    case when ended_at <= as_of then ended_at end as closed_at,
    -- A contact before the start stops the clock at the start: nothing elapsed.
    greatest(started_at, coalesce(stopped_at, least(ended_at, as_of), as_of)) as measured_to
from applied
