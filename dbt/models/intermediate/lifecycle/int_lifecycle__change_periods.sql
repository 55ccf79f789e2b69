-- Changes of status with the period in which we held each true. The key is that of
-- int_crm__lead_field_changes: a corrected change is one change with several periods.
with deliveries as (select * from {{ ref('stg_crm__lead_history') }} where lower(field) = 'status'),

periods as (
    {{ version_periods('deliveries', lead_field_change_columns()) }}
)

select
    {{ surrogate_key(lead_field_change_columns()) }} as change_key,
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    _source_system as source_system,
    old_value,
    new_value,
    changed_at,
    seq as source_sequence,
    changed_by,
    lower(change_source) as change_source,
    first_known_at,
    known_from,
    known_to
from periods
where not _is_deleted
