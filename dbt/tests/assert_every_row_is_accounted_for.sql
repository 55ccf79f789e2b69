-- A returned row is a delivered file whose rows do not add up. Rows in a file are landed or refused
-- by the reader; landed rows are staged or refused by typing; a refused file is one reject.
{{ config(meta={'dagster': {'ref': {'name': 'rejected_rows'}}}) }}

{%- set tables = landed_tables() %}

with files as (
    select * from {{ ref('stg_landing__files') }}
),

landed as (
    {%- for source_name, table_name in tables %}
    select
        '{{ table_name }}' as table_name,
        _file as file,
        count(*) as n_rows
    from {{ landed_table(source_name, table_name) }}
    group by _file
    union all
    {%- endfor %}
    select
        table_name,
        file,
        0 as n_rows
    from files
),

staged as (
    {%- for source_name, table_name in tables %}
    select
        '{{ table_name }}' as table_name,
        _file as file,
        count(*) as n_rows
    from {{ ref(staging_model(source_name, table_name)) }}
    group by _file
    union all
    {%- endfor %}
    select
        table_name,
        file,
        0 as n_rows
    from files
),

rejected as (
    select
        table_name,
        file,
        count(*) filter (where stage = 'file') as n_file,
        count(*) filter (where stage = 'typing') as n_typing
    from {{ ref('rejected_rows') }}
    group by table_name, file
),

landed_per_file as (
    select
        table_name,
        file,
        sum(n_rows) as n_rows
    from landed
    group by table_name, file
),

staged_per_file as (
    select
        table_name,
        file,
        sum(n_rows) as n_rows
    from staged
    group by table_name, file
),

counted as (
    select
        landed_per_file.table_name,
        landed_per_file.file,
        files.status,
        files.rows_in_file,
        files.rows_landed,
        files.rows_rejected,
        landed_per_file.n_rows as n_landed,
        coalesce(staged_per_file.n_rows, 0) as n_staged,
        coalesce(rejected.n_file, 0) as n_file_rejects,
        coalesce(rejected.n_typing, 0) as n_typing_rejects
    from landed_per_file
    left join staged_per_file
        on
            landed_per_file.table_name = staged_per_file.table_name
            and landed_per_file.file = staged_per_file.file
    left join rejected
        on
            landed_per_file.table_name = rejected.table_name
            and landed_per_file.file = rejected.file
    left join files
        on
            landed_per_file.table_name = files.table_name
            and landed_per_file.file = files.file
)

select *
from counted
where
    -- landed without being in the ledger
    status is null
    or n_landed <> n_staged + n_typing_rejects
    or (
        status = 'landed'
        and (
            rows_in_file <> rows_landed + rows_rejected
            or rows_landed <> n_landed
            or rows_rejected <> n_file_rejects
        )
    )
    or (status = 'failed' and (n_landed <> 0 or n_file_rejects <> 1))
    or (status in ('duplicate', 'unknown') and n_landed <> 0)
