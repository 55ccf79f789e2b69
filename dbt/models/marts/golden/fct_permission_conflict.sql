-- Sides of one person that disagree; the strictest word is the one in force.
select
    person_key,
    channel,
    purpose,
    decision as strictest_decision,
    side_type as strictest_side_type,
    evidence_kind as strictest_evidence_kind,
    evidence_id as strictest_evidence_id,
    loosest_decision,
    loosest_side_type,
    loosest_evidence_kind,
    loosest_evidence_id,
    n_sides,
    decided_at
from {{ ref('int_golden__permissions') }}
where is_conflict
