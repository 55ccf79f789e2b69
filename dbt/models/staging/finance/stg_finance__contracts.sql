with cells as (
    select {{ cleaned_columns('finance', 'contracts') }}
    from {{ landing('finance', 'contracts') }}
),

typed as (
    select {{ typed_columns('finance', 'contracts') }}
    from cells
)

select *
from typed
where {{ is_accepted('finance', 'contracts') }}
