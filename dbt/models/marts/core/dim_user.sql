-- Names and addresses of colleagues stay upstream: BI needs roles and teams.
with users as (select * from {{ ref('int_crm__users') }})

select
    user_key,
    source_system,
    user_id,
    role,
    team_id,
    manager_id,
    daily_capacity,
    timezone,
    active_from,
    active_to
from users
