with cells as (
    select {{ cleaned_columns('crm', 'crm_accounts') }}
    from {{ landing('crm', 'crm_accounts') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_accounts') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_accounts') }}
