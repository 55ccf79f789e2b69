with cells as (
    select {{ cleaned_columns('engagement', 'message_events') }}
    from {{ landing('engagement', 'message_events') }}
),

typed as (
    select {{ typed_columns('engagement', 'message_events') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'message_events') }}
