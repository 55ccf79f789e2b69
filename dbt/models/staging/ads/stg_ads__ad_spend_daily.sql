with cells as (
    select {{ cleaned_columns('ads', 'ad_spend_daily') }}
    from {{ landing('ads', 'ad_spend_daily') }}
),

typed as (
    select {{ typed_columns('ads', 'ad_spend_daily') }}
    from cells
)

select *
from typed
where {{ is_accepted('ads', 'ad_spend_daily') }}
