with cells as (
    select {{ cleaned_columns('crm', 'crm_activities') }}
    from {{ landing('crm', 'crm_activities') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_activities') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_activities') }}
