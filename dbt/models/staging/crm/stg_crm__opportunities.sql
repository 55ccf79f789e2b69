with cells as (
    select {{ cleaned_columns('crm', 'crm_opportunities') }}
    from {{ landing('crm', 'crm_opportunities') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_opportunities') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_opportunities') }}
