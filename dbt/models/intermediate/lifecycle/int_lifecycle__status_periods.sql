-- What the CRM says about a lead's status and when, with the stage the status map gives it and the
-- period in which we held it true: its change history, or for a lead without any its versions. NULL
-- stage = a status nobody mapped.
with changes as (select * from {{ ref('int_lifecycle__change_periods') }}),

initials as (select * from {{ ref('int_lifecycle__initial_statuses') }}),

versions as (select * from {{ ref('int_lifecycle__version_statuses') }}),

status_map as (select * from {{ ref('crm_status_map') }} where crm_object = 'lead'),

assertions as (
    select
        lead_key, source_system, change_key as event_id, new_value as crm_status,
        changed_at as occurred_at, source_sequence, first_known_at as known_at,
        changed_by as actor_user_id, change_source, 'crm_lead_history' as evidence,
        false as is_first_version, known_from, known_to
    from changes
    union all
    select
        lead_key, source_system, event_id, crm_status, occurred_at, cast(0 as bigint) as source_sequence,
        known_at, cast(null as {{ dbt.type_string() }}) as actor_user_id,
        cast(null as {{ dbt.type_string() }}) as change_source, 'crm_lead_history' as evidence,
        false as is_first_version, known_from, known_to
    from initials
    union all
    select
        lead_key, source_system, event_id, crm_status, occurred_at,
        cast(null as bigint) as source_sequence, known_at,
        cast(null as {{ dbt.type_string() }}) as actor_user_id,
        cast(null as {{ dbt.type_string() }}) as change_source, 'crm_lead_version' as evidence,
        is_first_version, known_from, known_to
    from versions
),

matched as (
    select
        assertions.*,
        status_map.stage
    from assertions
    left join status_map
        on
            lower(assertions.crm_status) = lower(status_map.crm_status)
            and status_map.source_system in ('*', assertions.source_system)
            and {{ in_force('status_map', business_date('assertions.occurred_at')) }}
    qualify
        row_number() over (
            partition by assertions.event_id, assertions.known_from
            -- A row for this very source system wins over the row for all.
            order by case when status_map.source_system = '*' then 1 else 0 end asc nulls last
        ) = 1
)

select * from matched
