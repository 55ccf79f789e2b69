with cells as (
    select {{ cleaned_columns('crm', 'crm_contacts') }}
    from {{ landing('crm', 'crm_contacts') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_contacts') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_contacts') }}
