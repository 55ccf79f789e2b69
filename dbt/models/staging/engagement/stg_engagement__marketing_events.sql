with cells as (
    select {{ cleaned_columns('engagement', 'marketing_events') }}
    from {{ landing('engagement', 'marketing_events') }}
),

typed as (
    select {{ typed_columns('engagement', 'marketing_events') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'marketing_events') }}
