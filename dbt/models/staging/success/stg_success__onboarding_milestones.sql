with cells as (
    select {{ cleaned_columns('success', 'onboarding_milestones') }}
    from {{ landing('success', 'onboarding_milestones') }}
),

typed as (
    select {{ typed_columns('success', 'onboarding_milestones') }}
    from cells
)

select *
from typed
where {{ is_accepted('success', 'onboarding_milestones') }}
