with cells as (
    select {{ cleaned_columns('crm', 'crm_leads') }}
    from {{ landing('crm', 'crm_leads') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_leads') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_leads') }}
