with cells as (
    select {{ cleaned_columns('ads', 'marketing_costs_other') }}
    from {{ landing('ads', 'marketing_costs_other') }}
),

typed as (
    select {{ typed_columns('ads', 'marketing_costs_other') }}
    from cells
)

select *
from typed
where {{ is_accepted('ads', 'marketing_costs_other') }}
