-- What the CRM says about a lead's status and when: its change history, or for a lead without any
-- history the successive versions we were delivered (as precise as the delivery rhythm).
with changes as (
    select * from {{ ref('int_crm__lead_field_changes') }} where field_name = 'status'
),

versions as (select * from {{ ref('stg_crm__leads') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

from_history as (
    select
        lead_key, source_system, change_key as event_id, new_value as crm_status,
        changed_at as occurred_at, source_sequence, first_known_at as known_at,
        changed_by as actor_user_id, 'crm_lead_history' as evidence,
        cast(null as bigint) as version_number
    from changes
),

-- The first change also says what the status was before it, since creation.
initial_status as (
    select
        changes.lead_key, changes.source_system,
        {{ surrogate_key(["'initial'", "changes.change_key"]) }} as event_id,
        changes.old_value as crm_status, leads.created_at as occurred_at,
        cast(0 as bigint) as source_sequence, changes.first_known_at as known_at,
        cast(null as {{ dbt.type_string() }}) as actor_user_id,
        'crm_lead_history' as evidence, cast(null as bigint) as version_number
    from changes
    inner join leads on changes.lead_key = leads.lead_key
    qualify
        row_number() over (
            partition by changes.lead_key
            order by
                changes.changed_at asc nulls last, changes.source_sequence asc nulls last,
                changes.change_key asc nulls last
        ) = 1
        and changes.old_value is not null
        and changes.changed_at > leads.created_at
),

without_history as (
    select leads.lead_key, leads.source_system, leads.lead_id
    from leads
    left join from_history on leads.lead_key = from_history.lead_key
    where from_history.lead_key is null
),

dated_versions as (
    select
        without_history.lead_key,
        without_history.source_system,
        versions.status,
        versions._extracted_at,
        -- Without a change date: the first version holds since creation, a later one since we saw it.
        coalesce(
            versions.updated_at,
            case
                when
                    versions._extracted_at = min(versions._extracted_at) over (
                        partition by without_history.lead_key
                    )
                    then versions.created_at
                else versions._extracted_at
            end
        ) as occurred_at
    from without_history
    inner join versions
        on
            without_history.source_system = versions._source_system
            and without_history.lead_id = versions.lead_id
    where not versions._is_deleted
),

version_statuses as (
    select lead_key, source_system, status, occurred_at, min(_extracted_at) as known_at
    from dated_versions
    group by lead_key, source_system, status, occurred_at
),

from_versions as (
    select
        lead_key, source_system,
        {{ surrogate_key(["'version'", "lead_key", "status", "occurred_at"]) }} as event_id,
        status as crm_status, occurred_at, cast(null as bigint) as source_sequence, known_at,
        cast(null as {{ dbt.type_string() }}) as actor_user_id, 'crm_lead_version' as evidence,
        row_number() over (
            partition by lead_key order by occurred_at asc nulls last, status asc nulls last
        ) as version_number
    from version_statuses
    -- Only a change is an assertion: an edit of the phone does not move the lead back.
    qualify
        lag(status) over (
            partition by lead_key order by occurred_at asc nulls last, status asc nulls last
        ) is distinct from status
)

select * from from_history
union all
select * from initial_status
union all
select * from from_versions
