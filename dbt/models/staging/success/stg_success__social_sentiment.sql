with cells as (
    select {{ cleaned_columns('success', 'social_sentiment') }}
    from {{ landing('success', 'social_sentiment') }}
),

typed as (
    select {{ typed_columns('success', 'social_sentiment') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'social_sentiment') }}
