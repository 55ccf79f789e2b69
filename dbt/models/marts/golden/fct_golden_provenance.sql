-- Without values: record_key says where the value is.
select
    entity,
    entity_key,
    attribute,
    record_key,
    source_system,
    record_type,
    observed_at,
    trust,
    strategy,
    rule_record_type,
    decided_by,
    n_values,
    n_records,
    is_conflict
from {{ ref('int_golden__attribute_provenance') }}
