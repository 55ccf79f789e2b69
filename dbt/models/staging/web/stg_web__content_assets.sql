with cells as (
    select {{ cleaned_columns('web', 'content_assets') }}
    from {{ landing('web', 'content_assets') }}
),

typed as (
    select {{ typed_columns('web', 'content_assets') }}
    from cells
)

select *
from typed
where {{ is_accepted('web', 'content_assets') }}
