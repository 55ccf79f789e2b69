-- Cases, not values: whoever looks finds the records through bridge_identity.
with memberships as (select * from {{ ref('int_identity__memberships') }} where valid_to is null),

cases as (select * from {{ ref('int_identity__review_cases') }}),

known_since as (
    select entity, entity_key, min(valid_from) as known_from from memberships group by entity, entity_key
)

select
    {{ surrogate_key([
        "cases.review_kind", "cases.entity", "cases.entity_key", "cases.record_key", "cases.case_key", "cases.reason"
    ]) }} as review_key,
    cases.review_kind,
    cases.severity,
    cases.entity,
    coalesce(cases.entity_key, memberships.entity_key) as entity_key,
    cases.record_key,
    cases.identifier_type,
    cases.case_key,
    cases.reason,
    cast(cases.n_records as bigint) as n_records,
    known_since.known_from as entity_known_from
from cases
left join memberships on cases.entity = memberships.entity and cases.record_key = memberships.record_key
left join known_since
    on
        cases.entity = known_since.entity
        and coalesce(cases.entity_key, memberships.entity_key) = known_since.entity_key
