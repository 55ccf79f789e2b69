-- For each calendar day of the source: when a build first had a "now" on that day or later. Tells when
-- something that only time decides (a deadline, an event with a date to come) becomes part of what we know.
with extract_days as (
    select as_of, {{ to_local_date('as_of', var('source_timezone')) }} as extract_date
    from {{ ref('int_lifecycle__as_of_days') }}
    where as_of = known_from
),

days as (
    {{ day_series(
        "(select min(extract_date) from extract_days)", "(select max(extract_date) from extract_days)", "date_day"
    ) }}
)

select
    days.date_day,
    min(extract_days.as_of) over (
        order by days.date_day asc nulls last rows between current row and unbounded following
    ) as known_from
from days
left join extract_days on days.date_day = extract_days.extract_date
