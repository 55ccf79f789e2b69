-- Hand over, nurture, or not evaluable: one decision per lead and set of MQL rules, with its reason.
-- A rule that held at any time decides for the hand-over; else a group of conditions that nothing
-- refutes leaves the question open, and only if all are refuted the lead is nurtured on.
with evaluated as (select * from {{ ref('int_qualification__evaluated_leads') }}),

due as (select * from {{ ref('int_qualification__hand_overs_due') }}),

states as (select * from {{ ref('int_qualification__group_states') }}),

-- The group of which the largest part holds gives the reason; an open one is nearer than a refuted one.
nearest as (
    select
        *,
        max(state_since) over (
            partition by lead_key, stage, rule_set_number
        ) as last_state_since
    from states
    qualify
        row_number() over (
            partition by lead_key, stage, rule_set_number
            order by
                case when n_refuted = 0 then 0 else 1 end asc nulls last,
                cast(n_missing as double) / n_conditions asc nulls last, rule_priority asc nulls last,
                rule_id asc nulls last, group_no asc nulls last
        ) = 1
),

decided as (
    select
        evaluated.lead_key,
        evaluated.stage,
        evaluated.rule_set_number,
        evaluated.rule_versions,
        case
            when due.lead_key is not null then 'hand_over'
            when nearest.n_refuted = 0 then 'not_evaluable'
            else 'nurture'
        end as decision,
        coalesce(due.rule_id, nearest.rule_id) as reason_rule_id,
        coalesce(due.predicates, nearest.missing_predicates) as reason_predicates,
        -- Nurtured since the last of all groups was refuted.
        case
            when due.lead_key is not null then due.held_from
            when nearest.n_refuted = 0 then nearest.state_since
            else nearest.last_state_since
        end as decided_at
    from evaluated
    inner join nearest
        on
            evaluated.lead_key = nearest.lead_key
            and evaluated.stage = nearest.stage
            and evaluated.rule_set_number = nearest.rule_set_number
    left join due
        on
            evaluated.lead_key = due.lead_key
            and evaluated.stage = due.stage
            and evaluated.rule_set_number = due.rule_set_number
)

select
    {{ surrogate_key(["lead_key", "stage", "rule_set_number"]) }} as qualification_decision_key,
    lead_key,
    stage,
    rule_set_number,
    rule_versions,
    decision,
    decided_at,
    reason_rule_id,
    reason_predicates
from decided
