-- What was said about the fields of a lead and when: the CRM's change history where it has the field
-- of this lead, else the versions we were delivered. A version holds since its change date (else its
-- delivery); the first one since creation for the fields a lead is created with (seed lead_field).
{%- set fields = [
    'company_name', 'email', 'mobile_phone', 'phone', 'title', 'industry', 'employee_count',
    'product_interest', 'pain_point', 'budget_status', 'timeline', 'decision_process',
] %}
with leads as (select lead_key, created_at, first_known_at from {{ ref('int_crm__leads') }}),

changes as (select * from {{ ref('int_crm__lead_field_changes') }}),

fields as (select * from {{ ref('lead_field') }} where {{ in_force_now() }}),

deliveries as (
    select *, coalesce(updated_at, _extracted_at) as stated_at
    from {{ ref('stg_crm__leads') }}
    -- A deletion says nothing, unless it is all we ever heard of the lead.
    qualify not _is_deleted or not bool_or(not _is_deleted) over (partition by _source_system, lead_id)
),

-- A correction that keeps the change date is the newer word of that date.
versions as (
    {{ latest_version('deliveries', ['_source_system', 'lead_id', 'stated_at']) }}
),

keyed_versions as (
    select *, {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key from versions
),

from_versions as (
    {% for field in fields -%}
    select
        lead_key, '{{ field }}' as field_name,
        cast({{ field }} as {{ dbt.type_string() }}) as field_value, stated_at,
        version_known_at as known_at
    from keyed_versions
    {{ "union all" if not loop.last }}
    {% endfor -%}
),

tracked as (select distinct lead_key, field_name from changes),

first_changes as (
    select *
    from changes
    qualify
        row_number() over (
            partition by lead_key, field_name
            order by changed_at asc nulls last, source_sequence asc nulls last, change_key asc nulls last
        ) = 1
)

select
    from_versions.lead_key,
    from_versions.field_name,
    from_versions.field_value,
    case
        when
            fields.holds_from = 'creation'
            and from_versions.stated_at = min(from_versions.stated_at) over (
                partition by from_versions.lead_key, from_versions.field_name
            )
            then leads.created_at
        else greatest(from_versions.stated_at, leads.created_at)
    end as held_from,
    from_versions.stated_at as said_at,
    cast(null as bigint) as source_sequence,
    'version' as word_key,
    from_versions.known_at
from from_versions
inner join leads on from_versions.lead_key = leads.lead_key
inner join fields on from_versions.field_name = fields.field_name
left join tracked
    on from_versions.lead_key = tracked.lead_key and from_versions.field_name = tracked.field_name
where tracked.lead_key is null
union all
-- Before its first change a field had the old value of that change.
select
    first_changes.lead_key, first_changes.field_name, first_changes.old_value as field_value,
    leads.created_at as held_from,
    -- A change dated before the creation holds from it too, and is the later word.
    least(leads.created_at, first_changes.changed_at) as said_at, cast(-1 as bigint) as source_sequence,
    first_changes.change_key as word_key,
    -- A delivery before the change carried the old value.
    case
        when leads.first_known_at <= first_changes.changed_at then leads.first_known_at
        else first_changes.first_known_at
    end as known_at
from first_changes
inner join leads on first_changes.lead_key = leads.lead_key
inner join fields on first_changes.field_name = fields.field_name
union all
select
    changes.lead_key, changes.field_name, changes.new_value as field_value,
    greatest(changes.changed_at, leads.created_at) as held_from, changes.changed_at as said_at,
    changes.source_sequence, changes.change_key as word_key, changes.first_known_at as known_at
from changes
inner join leads on changes.lead_key = leads.lead_key
inner join fields on changes.field_name = fields.field_name
