-- Role, team and manager of each CRM user as of any instant (X15). A new version that names a later
-- start holds from that start, any other change from its first delivery: that is all we can know.
with deliveries as (select * from {{ ref('stg_crm__users') }}),

versions as (
    {{ version_periods('deliveries', ['_source_system', 'user_id'], ['active_from']) }}
),

-- The last word on when the user left.
dated as (
    select
        *,
        last_value(active_to) over (
            partition by _source_system, user_id order by known_from asc nulls last
            rows between unbounded preceding and unbounded following
        ) as left_at,
        case
            when row_number() over (
                partition by _source_system, user_id order by known_from asc nulls last
            ) = 1 then coalesce(active_from, timestamp '1970-01-01 00:00:00')
            when active_from > lag(active_from) over (
                partition by _source_system, user_id order by known_from asc nulls last
            ) then active_from
            else known_from
        end as stated_from
    from versions
),

-- A version dated before an earlier one takes its place.
ended as (
    select
        *,
        min(stated_from) over (
            partition by _source_system, user_id order by known_from asc nulls last
            rows between 1 following and unbounded following
        ) as stated_to
    from dated
),

keyed as (
    select
        *,
        concat(
            {{ surrogate_key(["role", "team_id", "manager_id", "daily_capacity"]) }},
            cast(_is_deleted as {{ dbt.type_string() }})
        ) as content_key
    from ended
    where stated_to is null or stated_from < stated_to
),

changes as (
    select *
    from keyed
    qualify
        lag(content_key) over (
            partition by _source_system, user_id order by stated_from asc nulls last
        ) is distinct from content_key
),

periods as (
    select
        *,
        lead(stated_from) over (
            partition by _source_system, user_id order by stated_from asc nulls last
        ) as next_from
    from changes
)

select
    {{ surrogate_key(["_source_system", "user_id"]) }} as user_key,
    _source_system as source_system,
    user_id,
    role,
    team_id,
    manager_id,
    daily_capacity,
    stated_from as valid_from,
    -- Who left has no team any more.
    least(next_from, left_at) as valid_to,
    known_from as known_at
from periods
where not _is_deleted and stated_from < coalesce(least(next_from, left_at), timestamp '9999-12-31 00:00:00')
