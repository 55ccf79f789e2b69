-- Who owned a lead at any instant, from its creation on, with team and side as of the beginning of
-- the period (X15). Without any change the owner of the newest version held it all along.
with leads as (select * from {{ ref('int_crm__leads') }}),

changes as (select * from {{ ref('int_routing__owner_changes') }}),

users as (select * from {{ ref('int_routing__users') }}),

ordered_changes as (
    select
        *,
        row_number() over (
            partition by lead_key
            order by changed_at asc nulls last, source_sequence asc nulls last, change_key asc nulls last
        ) as change_number,
        lag(to_user_id) over (
            partition by lead_key
            order by changed_at asc nulls last, source_sequence asc nulls last, change_key asc nulls last
        ) as user_before
    from changes
),

owned_from as (
    select
        leads.lead_key, leads.source_system, 0 as change_number, leads.created_at as valid_from,
        case
            when ordered_changes.lead_key is null then leads.owner_id else ordered_changes.from_user_id
        end as owner_user_id,
        cast(null as {{ dbt.type_string() }}) as owner_queue,
        cast(null as {{ dbt.type_string() }}) as changed_by_user_id,
        cast(null as {{ dbt.type_string() }}) as change_source,
        coalesce(ordered_changes.basis, 'lead_state') as basis, false as is_chain_broken,
        leads.first_known_at as known_at
    from leads
    left join ordered_changes
        on leads.lead_key = ordered_changes.lead_key and ordered_changes.change_number = 1
    union all
    select
        leads.lead_key, leads.source_system, ordered_changes.change_number,
        greatest(ordered_changes.changed_at, leads.created_at) as valid_from,
        ordered_changes.to_user_id as owner_user_id, ordered_changes.to_queue as owner_queue,
        ordered_changes.changed_by_user_id, ordered_changes.change_source, ordered_changes.basis,
        (
            ordered_changes.change_number > 1
            and coalesce(ordered_changes.from_user_id, '') <> coalesce(ordered_changes.user_before, '')
        ) as is_chain_broken,
        ordered_changes.known_at
    from leads
    inner join ordered_changes on leads.lead_key = ordered_changes.lead_key
),

periods as (
    select
        *,
        lead(valid_from) over (partition by lead_key order by change_number asc nulls last) as valid_to
    from owned_from
),

-- What was changed again in the same instant was nobody's.
lasting as (select * from periods where valid_to is null or valid_from < valid_to),

with_team as (
    select
        lasting.*, users.role as owner_role, users.team_id as owner_team_id,
        case when lasting.owner_user_id is null then 'nobody' else coalesce(users.side, 'other') end
            as owner_side
    from lasting
    left join users
        on
            lasting.source_system = users.source_system
            and lasting.owner_user_id = users.user_id
            and lasting.valid_from >= users.valid_from
            and lasting.valid_from < coalesce(users.valid_to, timestamp '9999-12-31 00:00:00')
)

select
    with_team.*,
    row_number() over (partition by lead_key order by valid_from asc nulls last) as period_number,
    lag(owner_user_id) over (partition by lead_key order by valid_from asc nulls last) as previous_user_id,
    lag(owner_team_id) over (partition by lead_key order by valid_from asc nulls last) as previous_team_id,
    lag(owner_side) over (partition by lead_key order by valid_from asc nulls last) as previous_side
from with_team
