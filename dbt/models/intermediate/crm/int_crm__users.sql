with versions as (select * from {{ ref('stg_crm__users') }}),

latest as (
    {{ latest_version('versions', ['_source_system', 'user_id'], ['active_from']) }}
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
from latest
where not _is_deleted
