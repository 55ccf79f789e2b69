-- The instants our knowledge could change at, with "now" of a build made then: the ends of the days of
-- extracts. A file that only repeats an older one brings no new day.
with landed_files as (select * from {{ ref('stg_landing__files') }}),

days as (
    select extract_date, max(case when status = 'landed' and rows_landed > 0 then 1 else 0 end) as brings_rows
    from landed_files
    where status in ('landed', 'duplicate')
    group by extract_date
)

select
    {{ end_of_extract_day("extract_date") }} as known_from,
    max(case when brings_rows = 1 then {{ end_of_extract_day("extract_date") }} end) over (
        order by extract_date asc nulls last rows between unbounded preceding and current row
    ) as as_of
from days
where extract_date is not null
