-- Names and addresses of colleagues stay in staging: BI needs roles and teams.
with users as (
    {{ latest_version(ref('stg_crm__users'), ['_source_system', 'user_id'], ['active_from']) }}
)

select
    {{ surrogate_key(["_source_system", "user_id"]) }} as user_key,
    _source_system as source_system,
    user_id,
    role,
    team_id,
    manager_id,
    daily_capacity,
    timezone,
    active_from,
    active_to
from users
where not _is_deleted
