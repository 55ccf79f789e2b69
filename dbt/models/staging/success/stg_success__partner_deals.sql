with cells as (
    select {{ cleaned_columns('success', 'partner_deals') }}
    from {{ landing('success', 'partner_deals') }}
),

typed as (
    select {{ typed_columns('success', 'partner_deals') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'partner_deals') }}
