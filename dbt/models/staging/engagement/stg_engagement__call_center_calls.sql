with cells as (
    select {{ cleaned_columns('engagement', 'call_center_calls') }}
    from {{ landing('engagement', 'call_center_calls') }}
),

typed as (
    select {{ typed_columns('engagement', 'call_center_calls') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'call_center_calls') }}
