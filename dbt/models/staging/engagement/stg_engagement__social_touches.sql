with cells as (
    select {{ cleaned_columns('engagement', 'social_touches') }}
    from {{ landing('engagement', 'social_touches') }}
),

typed as (
    select {{ typed_columns('engagement', 'social_touches') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'social_touches') }}
