with cells as (
    select {{ cleaned_columns('success', 'renewals') }}
    from {{ landing('success', 'renewals') }}
),

typed as (
    select {{ typed_columns('success', 'renewals') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'renewals') }}
