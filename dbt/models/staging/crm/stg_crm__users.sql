with cells as (
    select {{ cleaned_columns('crm', 'crm_users') }}
    from {{ landing('crm', 'crm_users') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_users') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_users') }}
