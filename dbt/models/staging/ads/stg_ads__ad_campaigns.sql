with cells as (
    select {{ cleaned_columns('ads', 'ad_campaigns') }}
    from {{ landing('ads', 'ad_campaigns') }}
),

typed as (
    select {{ typed_columns('ads', 'ad_campaigns') }}
    from cells
)

select *
from typed
where {{ is_accepted('ads', 'ad_campaigns') }}
