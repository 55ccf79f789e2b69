with cells as (
    select {{ cleaned_columns('crm', 'crm_opportunity_contact_roles') }}
    from {{ landing('crm', 'crm_opportunity_contact_roles') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_opportunity_contact_roles') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_opportunity_contact_roles') }}
