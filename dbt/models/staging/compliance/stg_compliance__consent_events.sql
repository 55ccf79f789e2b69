with cells as (
    select {{ cleaned_columns('compliance', 'consent_events') }}
    from {{ landing('compliance', 'consent_events') }}
),

typed as (
    select {{ typed_columns('compliance', 'consent_events') }}
    from cells
)

select *
from typed
where {{ is_accepted('compliance', 'consent_events') }}
