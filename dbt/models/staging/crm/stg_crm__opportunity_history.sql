with cells as (
    select {{ cleaned_columns('crm', 'crm_opportunity_history') }}
    from {{ landing('crm', 'crm_opportunity_history') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_opportunity_history') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_opportunity_history') }}
