-- Record x identifier x label with the longest periods in which we held it true, before any guard.
with simple_observations as (select * from {{ ref('int_identity__simple_observations') }}),

composites as (select * from {{ ref('int_identity__composites') }}),

statements as (
    select record_key, identifier_type, identifier_value, label, reason, known_from, known_to
    from simple_observations
    where identifier_value is not null or reason is not null
    union
    select
        record_key, identifier_type, identifier_value, cast(null as {{ dbt.type_string() }}) as label,
        cast(null as {{ dbt.type_string() }}) as reason, known_from, known_to
    from composites
),

-- The same statement may come from two fields or two deliveries: a period begins where nothing that
-- began before reaches.
reached as (
    select
        *,
        max(coalesce(known_to, timestamp '9999-12-31 00:00:00')) over (
            partition by record_key, identifier_type, identifier_value, label, reason
            order by known_from asc nulls last, known_to asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from statements
),

numbered as (
    select
        *,
        sum(case when reached_before >= known_from then 0 else 1 end) over (
            partition by record_key, identifier_type, identifier_value, label, reason
            order by known_from asc nulls last, known_to asc nulls last
            rows between unbounded preceding and current row
        ) as period_number
    from reached
)

select
    record_key,
    identifier_type,
    identifier_value,
    label,
    reason,
    min(known_from) as known_from,
    case when count(*) = count(known_to) then max(known_to) end as known_to
from numbered
group by record_key, identifier_type, identifier_value, label, reason, period_number
