with cells as (
    select {{ cleaned_columns('engagement', 'message_sends') }}
    from {{ landing('engagement', 'message_sends') }}
),

typed as (
    select {{ typed_columns('engagement', 'message_sends') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'message_sends') }}
