with cells as (
    select {{ cleaned_columns('engagement', 'event_attendance') }}
    from {{ landing('engagement', 'event_attendance') }}
),

typed as (
    select {{ typed_columns('engagement', 'event_attendance') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'event_attendance') }}
