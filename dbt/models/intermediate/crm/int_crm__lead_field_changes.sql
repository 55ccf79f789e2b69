-- One row per asserted change of a CRM lead field; a re-delivered change is one change, known since
-- its first delivery, a corrected one (same sequence number) the newest word.
with deliveries as (select * from {{ ref('stg_crm__lead_history') }}),

changes as (
    {{ latest_version('deliveries', lead_field_change_columns()) }}
)

select
    {{ surrogate_key(lead_field_change_columns()) }} as change_key,
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
