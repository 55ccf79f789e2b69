-- "Now" of the whole build: the end, in the source's time zone, of the day of the newest extract.
-- Never the wall clock, so a rebuild of the same files gives the same rows.
with landed_files as (select * from {{ ref('stg_landing__files') }}),

newest as (
    select max(extract_date) as newest_extract_date
    from landed_files
    where status = 'landed' and rows_landed > 0
)

select
    coalesce(
        {{ end_of_extract_day("newest_extract_date") }}, cast('1970-01-01 00:00:00' as timestamp)
    ) as as_of,
    newest_extract_date
from newest
