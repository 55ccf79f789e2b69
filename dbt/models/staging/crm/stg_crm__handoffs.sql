with cells as (
    select {{ cleaned_columns('crm', 'crm_handoffs') }}
    from {{ landing('crm', 'crm_handoffs') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_handoffs') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_handoffs') }}
