-- Periods of users with the side of the hand-over their role stands on.
with periods as (select * from {{ ref('int_crm__user_periods') }}),

roles as (select * from {{ ref('user_role') }} where {{ in_force_now() }})

select
    periods.*,
    roles.side
from periods
left join roles on lower(periods.role) = lower(roles.user_role)
