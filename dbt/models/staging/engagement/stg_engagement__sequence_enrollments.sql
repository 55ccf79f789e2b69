with cells as (
    select {{ cleaned_columns('engagement', 'sequence_enrollments') }}
    from {{ landing('engagement', 'sequence_enrollments') }}
),

typed as (
    select {{ typed_columns('engagement', 'sequence_enrollments') }}
    from cells
)

select *
from typed
where {{ is_accepted('engagement', 'sequence_enrollments') }}
