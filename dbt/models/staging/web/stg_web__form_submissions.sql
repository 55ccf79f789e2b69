with cells as (
    select {{ cleaned_columns('web', 'web_form_submissions') }}
    from {{ landing('web', 'web_form_submissions') }}
),

typed as (
    select {{ typed_columns('web', 'web_form_submissions') }}
    from cells
)

select *
from typed
where {{ is_accepted('web', 'web_form_submissions') }}
