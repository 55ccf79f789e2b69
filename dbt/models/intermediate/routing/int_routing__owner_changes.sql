-- Changes of a lead's owner: the CRM's owner history, and for a lead without any row there the
-- changes of its owner field.
with deliveries as (select * from {{ ref('stg_crm__owner_history') }}),

field_changes as (select * from {{ ref('int_crm__lead_field_changes') }}),

history as (
    {{ latest_version('deliveries', ['_source_system', 'object', 'object_id', 'changed_at']) }}
),

from_history as (
    select
        {{ surrogate_key(["'owner history'", "_source_system", "object_id", "changed_at"]) }} as change_key,
        {{ surrogate_key(["_source_system", "object_id"]) }} as lead_key,
        _source_system as source_system,
        changed_at,
        cast(null as bigint) as source_sequence,
        from_owner as from_user_id,
        to_owner as to_user_id,
        to_queue,
        changed_by as changed_by_user_id,
        lower(change_source) as change_source,
        'owner_history' as basis,
        first_known_at as known_at
    from history
    where lower(object) = 'lead' and not _is_deleted
),

with_history as (select distinct lead_key from from_history),

from_fields as (
    select
        field_changes.change_key,
        field_changes.lead_key,
        field_changes.source_system,
        field_changes.changed_at,
        field_changes.source_sequence,
        field_changes.old_value as from_user_id,
        field_changes.new_value as to_user_id,
        cast(null as {{ dbt.type_string() }}) as to_queue,
        field_changes.changed_by as changed_by_user_id,
        cast(null as {{ dbt.type_string() }}) as change_source,
        'lead_history' as basis,
        field_changes.first_known_at as known_at
    from field_changes
    left join with_history on field_changes.lead_key = with_history.lead_key
    where
        with_history.lead_key is null
        and field_changes.field_name in ('owner_id', 'owner', 'ownerid', 'hubspot_owner_id')
)

select * from from_history
union all
select * from from_fields
