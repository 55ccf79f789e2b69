with cells as (
    select {{ cleaned_columns('crm', 'crm_external_ids') }}
    from {{ landing('crm', 'crm_external_ids') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_external_ids') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_external_ids') }}
