with cells as (
    select {{ cleaned_columns('crm', 'crm_followups') }}
    from {{ landing('crm', 'crm_followups') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_followups') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_followups') }}
