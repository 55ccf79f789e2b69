with cells as (
    select {{ cleaned_columns('crm', 'crm_merge_log') }}
    from {{ landing('crm', 'crm_merge_log') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_merge_log') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_merge_log') }}
