with cells as (
    select {{ cleaned_columns('compliance', 'erasure_requests') }}
    from {{ landing('compliance', 'erasure_requests') }}
),

typed as (
    select {{ typed_columns('compliance', 'erasure_requests') }}
    from cells
)

select *
from typed
where {{ is_accepted('compliance', 'erasure_requests') }}
