-- "Now" of the whole build: the end of the newest extract, or var as_of. Never the wall clock, so a
-- rebuild of the same files gives the same rows.
with landed_files as (select * from {{ ref('stg_landing__files') }}),

newest as (
    select max(extract_date) as newest_extract_date
    from landed_files
    where status = 'landed' and rows_landed > 0
)

select
    {% if var('as_of') is not none -%}
    cast('{{ var("as_of") }}' as timestamp) as as_of,
    {%- else -%}
    coalesce(
        cast(newest_extract_date as timestamp) + interval '1' day - interval '1' second,
        cast('1970-01-01 00:00:00' as timestamp)
    ) as as_of,
    {%- endif %}
    newest_extract_date
from newest
