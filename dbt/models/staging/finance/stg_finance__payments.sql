with cells as (
    select {{ cleaned_columns('finance', 'payments') }}
    from {{ landing('finance', 'payments') }}
),

typed as (
    select {{ typed_columns('finance', 'payments') }}
    from cells
)

select *
from typed
where {{ is_accepted('finance', 'payments') }}
