-- What we held true of the scored fields of a lead, and since when: each logged change and each
-- delivered version with its period of knowledge.
with lead_deliveries as (select * from {{ ref('stg_crm__leads') }}),

change_deliveries as (
    select *
    from {{ ref('stg_crm__lead_history') }}
    where lower(field) in (select items.signal from {{ ref('score_item') }} as items where items.signal_kind = 'lead_field')
),

versions as ({{ spoken_periods('lead_deliveries', ['_source_system', 'lead_id'], ['updated_at']) }}),

changes as (
    {{ version_periods('change_deliveries', [
        '_source_system', 'lead_id', 'field', 'changed_at', 'seq', 'case when seq is null then new_value end',
    ]) }}
)

{% for field in ["title", "industry", "employee_count"] -%}
select
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    'delivered' as evidence,
    '{{ field }}' as field_name,
    cast(null as {{ dbt.type_string() }}) as old_value,
    cast({{ field }} as {{ dbt.type_string() }}) as new_value,
    cast(null as timestamp) as changed_at,
    cast(null as bigint) as source_sequence,
    known_from,
    spoken_to as known_to,
    _row_hash as row_hash
from versions
union all
{% endfor -%}
select
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    'changed' as evidence,
    lower(field) as field_name,
    old_value,
    new_value,
    changed_at,
    seq as source_sequence,
    known_from,
    known_to,
    _row_hash as row_hash
from changes
where not _is_deleted
