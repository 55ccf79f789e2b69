with cells as (
    select {{ cleaned_columns('success', 'support_tickets') }}
    from {{ landing('success', 'support_tickets') }}
),

typed as (
    select {{ typed_columns('success', 'support_tickets') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'support_tickets') }}
