with cells as (
    select {{ cleaned_columns('success', 'surveys') }}
    from {{ landing('success', 'surveys') }}
),

typed as (
    select {{ typed_columns('success', 'surveys') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'surveys') }}
