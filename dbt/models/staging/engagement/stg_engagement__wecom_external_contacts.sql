with cells as (
    select {{ cleaned_columns('engagement', 'wecom_external_contacts') }}
    from {{ landing('engagement', 'wecom_external_contacts') }}
),

typed as (
    select {{ typed_columns('engagement', 'wecom_external_contacts') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'wecom_external_contacts') }}
