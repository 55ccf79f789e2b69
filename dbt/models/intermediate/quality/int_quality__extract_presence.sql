-- Which extracts ever brought a row that could be read. Marts ask this before they call a missing
-- number 0.
with landed_files as (select * from {{ ref('stg_landing__files') }}),

unreadable as (
    select table_name, count(*) as n_unreadable
    from {{ ref('rejected_rows') }}
    where stage = 'typing'
    group by table_name
),

required_extracts as (select distinct extract_table from {{ ref('measure_requirement') }}),

landed as (
    select
        table_name,
        sum(rows_landed) as n_rows_landed,
        sum(rows_rejected) as n_rows_rejected,
        min(extract_date) filter (where rows_landed > 0) as first_extract_date,
        max(extract_date) as newest_extract_date
    from landed_files
    where status = 'landed'
    group by table_name
)

select
    required_extracts.extract_table,
    coalesce(landed.n_rows_landed, 0) - coalesce(unreadable.n_unreadable, 0) > 0 as is_present,
    coalesce(landed.n_rows_landed, 0) as n_rows_landed,
    coalesce(landed.n_rows_rejected, 0) + coalesce(unreadable.n_unreadable, 0) as n_rows_rejected,
    landed.first_extract_date,
    landed.newest_extract_date
from required_extracts
left join landed on required_extracts.extract_table = landed.table_name
left join unreadable on required_extracts.extract_table = unreadable.table_name
