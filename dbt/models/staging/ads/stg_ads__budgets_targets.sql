with cells as (
    select {{ cleaned_columns('ads', 'budgets_targets') }}
    from {{ landing('ads', 'budgets_targets') }}
),

typed as (
    select {{ typed_columns('ads', 'budgets_targets') }}
    from cells
)

select *
from typed
where {{ is_accepted('ads', 'budgets_targets') }}
