-- The instants forecasts are made from: now, and every so many days back to the first enquiry. The past
-- ones teach, and tell how good the forecasts would have been.
with as_of as (select as_of from {{ ref('int_time__as_of') }}),

entries as (select min(reached_at) as first_at from {{ ref('int_funnel__stage_entries') }}),

spacing as (
    select as_of.as_of, entries.first_at, {{ policy('forecast', 'origin_spacing_days') }} * 86400 as spacing_s
    from as_of
    cross join entries
),

numbers as ({{ series(
    "0",
    "(select coalesce(floor(" ~ seconds_between("first_at", "as_of") ~ " / spacing_s), 0) from spacing)",
    "origin_number"
) }})

select
    cast(numbers.origin_number as integer) as origin_number,
    {{ seconds_later("spacing.as_of", "(-numbers.origin_number * spacing.spacing_s)") }} as origin_at,
    spacing.as_of
from numbers
cross join spacing
