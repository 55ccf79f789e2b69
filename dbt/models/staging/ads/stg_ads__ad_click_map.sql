with cells as (
    select {{ cleaned_columns('ads', 'ad_click_map') }}
    from {{ landing('ads', 'ad_click_map') }}
),

typed as (
    select {{ typed_columns('ads', 'ad_click_map') }}
    from cells
)

select *
from typed
where {{ is_accepted('ads', 'ad_click_map') }}
