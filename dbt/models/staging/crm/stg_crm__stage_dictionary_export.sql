with cells as (
    select {{ cleaned_columns('crm', 'crm_stage_dictionary_export') }}
    from {{ landing('crm', 'crm_stage_dictionary_export') }}
),

typed as (
    select {{ typed_columns('crm', 'crm_stage_dictionary_export') }}
    from cells
)

select *
from typed
where {{ is_accepted('crm', 'crm_stage_dictionary_export') }}
