with assignments as (select * from {{ ref('int_routing__assignments') }}),

expected as (select * from {{ ref('int_routing__expected') }})

select
    assignments.assignment_key,
    assignments.lead_key,
    assignments.assigned_at,
    assignments.assigned_date,
    assignments.side,
    assignments.user_id,
    assignments.team_id,
    assignments.previous_user_id,
    assignments.is_distribution,
    assignments.change_source,
    expected.rule_id,
    expected.rule_kind,
    expected.expected_user_id,
    expected.expected_team_id,
    expected.expected_role,
    case
        when not assignments.is_distribution then 'reassignment'
        when assignments.is_source_assigned then 'source_assigned'
        when expected.assignment_key is null then 'no_rule'
        when expected.is_as_expected then 'agrees'
        else 'differs'
    end as verdict,
    expected.rule_version
from assignments
left join expected on assignments.assignment_key = expected.assignment_key
