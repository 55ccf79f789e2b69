-- Which rules explain a move from stage to stage: a qualification rule that held at the entry, a record
-- of the move, a hand-over decided since the previous stage, a cleaning verdict, or a silence of the rep.
with intervals as (
    select
        *,
        lag(entered_at) over (
            partition by lead_key order by stay_number asc nulls last
        ) as previous_entered_at
    from {{ ref('int_lifecycle__intervals') }}
),

rules as (select * from {{ ref('transition_rule') }} where is_enabled),

entry_rules as (select * from {{ ref('int_qualification__entry_rules') }} where is_held),

events as (select * from {{ ref('int_lifecycle__stage_events') }}),

handoffs as (select * from {{ ref('int_handoffs__explicit') }} where decided_at is not null),

inferred as (select * from {{ ref('int_lifecycle__inferred_periods') }} where known_to is null),

verdicts as (select distinct lead_key, verdict from {{ ref('int_leads__verdicts') }}),

-- Every move with the rules that could explain it.
candidates as (
    select
        intervals.event_id as entry_event_id,
        intervals.lead_key,
        intervals.stage,
        intervals.previous_entered_at,
        intervals.entered_at,
        rules.rule_id,
        rules.rule_version,
        rules.explained_by,
        rules.match_value
    from intervals
    inner join rules
        on
            intervals.stage = rules.to_stage
            and rules.from_stage in ('*', intervals.previous_stage)
            and {{ in_force('rules', business_date('intervals.entered_at')) }}
    where intervals.previous_stage is not null
)

select entry_event_id, rule_id, rule_version
from entry_rules
union all
-- The record may share its instant with a change of status, and only one of the two is the entry.
select distinct candidates.entry_event_id, candidates.rule_id, candidates.rule_version
from candidates
inner join events
    on
        candidates.lead_key = events.lead_key
        and candidates.stage = events.stage
        and candidates.match_value = events.evidence
        and candidates.entered_at = events.effective_at
where candidates.explained_by = 'evidence'
union all
select distinct candidates.entry_event_id, candidates.rule_id, candidates.rule_version
from candidates
inner join handoffs
    on
        candidates.lead_key = handoffs.lead_key
        and candidates.match_value = handoffs.decision
        and candidates.entered_at >= handoffs.decided_at
        and candidates.previous_entered_at <= handoffs.decided_at
where candidates.explained_by = 'handoff'
union all
select candidates.entry_event_id, candidates.rule_id, candidates.rule_version
from candidates
inner join verdicts
    on candidates.lead_key = verdicts.lead_key and candidates.match_value = verdicts.verdict
where candidates.explained_by = 'cleaning'
union all
-- A silence that had to send the lead there had come to its end when somebody did.
select distinct intervals.event_id as entry_event_id, inferred.rule_id, inferred.rule_version
from intervals
inner join inferred
    on
        intervals.lead_key = inferred.lead_key
        and intervals.stage = inferred.stage
        and intervals.entered_at >= inferred.occurred_at
        and intervals.previous_entered_at < inferred.occurred_at
