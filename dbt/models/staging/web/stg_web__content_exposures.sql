with cells as (
    select {{ cleaned_columns('web', 'content_exposures') }}
    from {{ landing('web', 'content_exposures') }}
),

typed as (
    select {{ typed_columns('web', 'content_exposures') }}
    from cells
)

select *
from typed
where {{ is_accepted('web', 'content_exposures') }}
