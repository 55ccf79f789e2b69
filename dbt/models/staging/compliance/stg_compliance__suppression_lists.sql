with cells as (
    select {{ cleaned_columns('compliance', 'suppression_lists') }}
    from {{ landing('compliance', 'suppression_lists') }}
),

typed as (
    select {{ typed_columns('compliance', 'suppression_lists') }}
    from cells
)

select *
from typed
where {{ is_accepted('compliance', 'suppression_lists') }}
