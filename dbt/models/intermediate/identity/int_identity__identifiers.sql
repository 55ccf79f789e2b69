-- Every identifier of every record as known now, with the verdict of the guards: which may join
-- records, and if not, why.
with evidence as (select * from {{ ref('int_identity__evidence') }} where known_to is null),

verdicts as (select * from {{ ref('int_identity__shared_identifiers') }} where known_to is null)

select
    evidence.record_key,
    evidence.identifier_key,
    evidence.identifier_type,
    evidence.identifier_value,
    evidence.entity as identity_scope,
    evidence.strength,
    min(coalesce(verdicts.status, evidence.status)) as identifier_status,
    count(distinct verdicts.name_group) > 0 as is_scoped_by_name
from evidence
left join verdicts
    on
        case when evidence.status = 'ok' then evidence.identifier_key end = verdicts.identifier_key
        and evidence.record_key = verdicts.record_key
group by
    evidence.record_key, evidence.identifier_key, evidence.identifier_type, evidence.identifier_value,
    evidence.entity, evidence.strength
