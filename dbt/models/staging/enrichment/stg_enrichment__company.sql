with cells as (
    select {{ cleaned_columns('enrichment', 'enrichment_company') }}
    from {{ landing('enrichment', 'enrichment_company') }}
),

typed as (
    select {{ typed_columns('enrichment', 'enrichment_company') }}
    from cells
)

select *
from typed
where {{ is_accepted('enrichment', 'enrichment_company') }}
