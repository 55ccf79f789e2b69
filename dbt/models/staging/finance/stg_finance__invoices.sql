with cells as (
    select {{ cleaned_columns('finance', 'invoices') }}
    from {{ landing('finance', 'invoices') }}
),

typed as (
    select {{ typed_columns('finance', 'invoices') }}
    from cells
)

select *
from typed
where {{ is_accepted('finance', 'invoices') }}
