-- The value of each scored lead field as of any instant: the history where there is one (the first
-- old value holds from creation), else the current value since creation.
with leads as (select * from {{ ref('int_crm__leads') }}),

changes as (select * from {{ ref('int_crm__lead_field_changes') }}),

current_values as (
    select lead_key, created_at, first_known_at, 'title' as field_name, title as field_value from leads
    union all
    select lead_key, created_at, first_known_at, 'industry' as field_name, industry as field_value from leads
    union all
    select
        lead_key, created_at, first_known_at, 'employee_count' as field_name,
        cast(employee_count as {{ dbt.type_string() }}) as field_value
    from leads
),

ordered_changes as (
    select
        changes.*,
        row_number() over (
            partition by lead_key, field_name
            order by changed_at asc nulls last, source_sequence asc nulls last, change_key asc nulls last
        ) as change_number
    from changes
),

-- A change logged before creation (clock skew) holds from creation.
values_from as (
    select
        current_values.lead_key,
        current_values.field_name,
        0 as change_number,
        current_values.created_at as valid_from,
        coalesce(ordered_changes.first_known_at, current_values.first_known_at) as known_at,
        case
            when ordered_changes.lead_key is null then current_values.field_value
            else ordered_changes.old_value
        end as field_value
    from current_values
    left join ordered_changes
        on
            current_values.lead_key = ordered_changes.lead_key
            and current_values.field_name = ordered_changes.field_name
            and ordered_changes.change_number = 1
    union all
    select
        current_values.lead_key,
        current_values.field_name,
        ordered_changes.change_number,
        greatest(ordered_changes.changed_at, current_values.created_at) as valid_from,
        ordered_changes.first_known_at as known_at,
        ordered_changes.new_value as field_value
    from current_values
    inner join ordered_changes
        on
            current_values.lead_key = ordered_changes.lead_key
            and current_values.field_name = ordered_changes.field_name
)

select
    lead_key,
    field_name,
    change_number,
    field_value,
    known_at,
    valid_from,
    lead(valid_from) over (
        partition by lead_key, field_name order by change_number asc nulls last
    ) as valid_to
from values_from
