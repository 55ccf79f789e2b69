with cells as (
    select {{ cleaned_columns('web', 'web_events') }}
    from {{ landing('web', 'web_events') }}
),

typed as (
    select {{ typed_columns('web', 'web_events') }}
    from cells
)

select *
from typed
where {{ is_accepted('web', 'web_events') }}
