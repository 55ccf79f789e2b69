-- The value of each scored field at the snapshot, as known then: the last change up to it, else what
-- the first later change says it was before, else what the row of the lead said. Only what was known
-- counts: of the changes at snapshot_known_at, of the row at row_known_at.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

leads as (select * from {{ ref('int_crm__lead_periods') }}),

changes as (select * from {{ ref('int_crm__lead_field_change_periods') }}),

stated as (
    {% for field in ["title", "industry", "employee_count"] -%}
    select
        lead_key, '{{ field }}' as field_name, cast(null as {{ dbt.type_string() }}) as old_value,
        cast({{ field }} as {{ dbt.type_string() }}) as new_value, cast(null as timestamp) as changed_at,
        0 as place, known_from, known_to
    from leads
    union all
    {% endfor -%}
    select lead_key, field_name, old_value, new_value, changed_at, place, known_from, known_to
    from changes
),

held as (
    select
        snapshots.design,
        snapshots.lead_key,
        snapshots.snapshot_kind,
        stated.field_name,
        stated.old_value,
        stated.new_value,
        stated.changed_at,
        stated.place,
        stated.known_from,
        case
            when stated.changed_at is null then 'delivered'
            when stated.changed_at <= snapshots.snapshot_at then 'changed'
            else 'changed later'
        end as evidence
    from snapshots
    inner join stated
        on
            snapshots.lead_key = stated.lead_key
            and case when stated.changed_at is null then snapshots.row_known_at else snapshots.snapshot_known_at end
            >= stated.known_from
            and case when stated.changed_at is null then snapshots.row_known_at else snapshots.snapshot_known_at end
            < coalesce(stated.known_to, timestamp '9999-12-31 00:00:00')
),

-- The last of the changes before, the first of those after.
chosen as (
    select *
    from held
    qualify
        row_number() over (
            partition by design, lead_key, snapshot_kind, field_name
            order by
                case evidence when 'changed' then 1 when 'changed later' then 2 else 3 end asc nulls last,
                case when evidence = 'changed' then -place else place end asc nulls last
        ) = 1
)

select
    design,
    lead_key,
    snapshot_kind,
    field_name,
    case when evidence = 'changed later' then old_value else new_value end as field_value,
    -- A value before its first logged change has held since creation.
    case when evidence = 'changed' then changed_at end as occurred_at,
    known_from as known_at
from chosen
