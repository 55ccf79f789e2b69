with cells as (
    select {{ cleaned_columns('success', 'product_usage_daily') }}
    from {{ landing('success', 'product_usage_daily') }}
),

typed as (
    select {{ typed_columns('success', 'product_usage_daily') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'product_usage_daily') }}
