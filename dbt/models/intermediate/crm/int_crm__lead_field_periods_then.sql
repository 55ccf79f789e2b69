-- The value of each scored lead field at t as we knew it at t: int_crm__lead_field_periods in which a
-- late or corrected change moves nothing before it was known.
with leads as (select * from {{ ref('int_crm__lead_periods') }} where starts_at is not null),

stated as (
    select lead_key, starts_at, known_from, known_to, 'title' as field_name, title as field_value from leads
    union all
    select lead_key, starts_at, known_from, known_to, 'industry' as field_name, industry as field_value from leads
    union all
    select
        lead_key, starts_at, known_from, known_to, 'employee_count' as field_name,
        cast(employee_count as {{ dbt.type_string() }}) as field_value
    from leads
),

changes as (select * from {{ ref('int_crm__lead_field_change_periods') }}),

turns as (
    select lead_key, field_name, known_from as instant from changes
    union
    select lead_key, field_name, changed_at as instant from changes
    union
    select lead_key, field_name, known_to as instant from changes where known_to is not null
),

instants as (
    select lead_key, field_name, starts_at, greatest(known_from, starts_at) as instant from stated
    union
    select stated.lead_key, stated.field_name, stated.starts_at, greatest(turns.instant, stated.starts_at) as instant
    from stated
    inner join turns on stated.lead_key = turns.lead_key and stated.field_name = turns.field_name
),

pieces as (
    select
        *,
        lead(instant) over (partition by lead_key, field_name order by instant asc nulls last) as valid_to
    from instants
),

-- The last change that had happened says what it became; before all changes, the first what it was.
judged as (
    select
        pieces.lead_key,
        pieces.field_name,
        pieces.instant,
        pieces.valid_to,
        max(changes.place) filter (where changes.changed_at <= pieces.instant) as last_place,
        min(changes.place) as first_place
    from pieces
    left join changes
        on
            pieces.lead_key = changes.lead_key
            and pieces.field_name = changes.field_name
            and pieces.instant >= changes.known_from
            and pieces.instant < coalesce(changes.known_to, timestamp '9999-12-31 00:00:00')
    group by pieces.lead_key, pieces.field_name, pieces.instant, pieces.valid_to
)

select
    judged.lead_key,
    judged.field_name,
    case
        when judged.last_place is not null then changes.new_value
        when judged.first_place is not null then changes.old_value
        else stated.field_value
    end as field_value,
    judged.instant as known_at,
    judged.instant as valid_from,
    judged.valid_to
from judged
inner join stated
    on
        judged.lead_key = stated.lead_key
        and judged.field_name = stated.field_name
        and judged.instant >= stated.known_from
        and judged.instant < coalesce(stated.known_to, timestamp '9999-12-31 00:00:00')
left join changes
    on
        judged.lead_key = changes.lead_key
        and judged.field_name = changes.field_name
        and coalesce(judged.last_place, judged.first_place) = changes.place
