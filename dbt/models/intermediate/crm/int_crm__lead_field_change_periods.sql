-- Asserted changes of the scored lead fields and when we held each version of them true, in the order
-- in which they happened: int_crm__lead_field_changes over time.
with versions as (
    {{ version_periods(ref('stg_crm__lead_history'), lead_field_change_columns()) }}
),

changes as (
    select
        *,
        {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
        lower(field) as field_name,
        {{ surrogate_key(lead_field_change_columns()) }} as change_key
    from versions
    where not _is_deleted and lower(field) in ('title', 'industry', 'employee_count')
)

select
    lead_key,
    field_name,
    old_value,
    new_value,
    changed_at,
    known_from,
    known_to,
    row_number() over (
        partition by lead_key, field_name
        order by
            changed_at asc nulls last, seq asc nulls last, change_key asc nulls last, known_from asc nulls last
    ) as place
from changes
