-- One row per asserted change of a CRM lead field; a re-delivered change is one change, known since
-- its first delivery, a corrected one (same sequence number) the newest word. Without a sequence
-- number the new value is part of the key, because second-precision histories tie.
with deliveries as (select * from {{ ref('stg_crm__lead_history') }}),

changes as (
    {{ latest_version('deliveries', [
        '_source_system', 'lead_id', 'field', 'changed_at', 'seq',
        'case when seq is null then new_value end',
    ]) }}
)

select
    {{ surrogate_key([
        "_source_system", "lead_id", "field", "changed_at", "seq", "case when seq is null then new_value end"
    ]) }} as change_key,
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    _source_system as source_system,
    lead_id,
    lower(field) as field_name,
    old_value,
    new_value,
    changed_at,
    seq as source_sequence,
    changed_by,
    lower(change_source) as change_source,
    first_known_at
from changes
where not _is_deleted
