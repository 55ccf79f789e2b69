with cells as (
    select {{ cleaned_columns('crm', 'crm_lead_history') }}
    from {{ landing('crm', 'crm_lead_history') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_lead_history') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_lead_history') }}
