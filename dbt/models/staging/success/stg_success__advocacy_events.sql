with cells as (
    select {{ cleaned_columns('success', 'advocacy_events') }}
    from {{ landing('success', 'advocacy_events') }}
),

typed as (
    select {{ typed_columns('success', 'advocacy_events') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'advocacy_events') }}
