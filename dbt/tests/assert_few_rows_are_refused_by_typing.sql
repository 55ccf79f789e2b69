-- A row is a table of whose delivered rows more were refused by typing than the policy bears (key or
-- required cell missing or unreadable): a format has changed. staging.rejected_rows says which and why.
-- Remedy: mend the export and replace the file under its name; only its newest content is judged.
{{ config(meta={'dagster': {'ref': {'name': 'rejected_rows'}}}) }}
with newest_files as (
    select *
    from {{ ref('stg_landing__files') }}
    qualify
        row_number() over (
            partition by file order by landed_at desc nulls last, content_hash asc nulls last
        ) = 1
),

refused as (
    select rejected_rows.table_name, count(*) as n_refused
    from {{ ref('rejected_rows') }} as rejected_rows
    inner join newest_files on rejected_rows.batch_id = newest_files.batch_id
    where rejected_rows.stage = 'typing' and newest_files.status = 'landed'
    group by rejected_rows.table_name
),

landed as (
    select table_name, sum(rows_landed) as n_landed
    from newest_files
    where status = 'landed'
    group by table_name
)

select
    refused.table_name,
    refused.n_refused,
    landed.n_landed
from refused
inner join landed on refused.table_name = landed.table_name
where
    refused.n_refused > {{ policy('typing', 'refused_rows_borne') }}
    and refused.n_refused * 100 > landed.n_landed * {{ policy('typing', 'refused_percent_borne') }}
