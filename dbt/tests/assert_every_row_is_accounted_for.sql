-- A returned row is a delivered file whose rows do not add up. Rows in a file are landed or refused
-- by the reader; landed rows are staged or refused by typing; a refused file is one reject.
-- A batch is one delivered content of one file, so counts meet on batch_id.
{{ config(meta={'dagster': {'ref': {'name': 'rejected_rows'}}}) }}

{%- set tables = landed_tables() %}

with files as (
    select * from {{ ref('stg_landing__files') }}
),

-- A duplicate names the batch of the file that has its rows.
batches as (
    select * from files where status in ('landed', 'failed')
),

landed as (
    {%- for source_name, table_name in tables %}
    select
        _batch_id as batch_id,
        count(*) as n_rows
    from {{ landed_table(source_name, table_name) }}
    group by _batch_id
    union all
    {%- endfor %}
    select
        cast(null as {{ dbt.type_string() }}) as batch_id,
        0 as n_rows
    where false
),

staged as (
    {%- for source_name, table_name in tables %}
    select
        _batch_id as batch_id,
        count(*) as n_rows
    from {{ ref(staging_model(source_name, table_name)) }}
    group by _batch_id
    union all
    {%- endfor %}
    select
        cast(null as {{ dbt.type_string() }}) as batch_id,
        0 as n_rows
    where false
),

rejected as (
    select
        batch_id,
        count(*) filter (where stage = 'file') as n_file,
        count(*) filter (where stage = 'typing') as n_typing,
        count(*) filter (where reason = 'file_refused') as n_refused
    from {{ ref('rejected_rows') }}
    group by batch_id
),

counted as (
    select
        coalesce(batches.batch_id, landed.batch_id, rejected.batch_id) as batch_id,
        batches.table_name,
        batches.file,
        batches.status,
        batches.rows_in_file,
        batches.rows_landed,
        batches.rows_rejected,
        coalesce(landed.n_rows, 0) as n_landed,
        coalesce(staged.n_rows, 0) as n_staged,
        coalesce(rejected.n_typing, 0) as n_typing_rejects,
        coalesce(rejected.n_file, 0) as n_file_rejects,
        coalesce(rejected.n_refused, 0) as n_refused
    from batches
    full outer join landed on batches.batch_id = landed.batch_id
    full outer join rejected on coalesce(batches.batch_id, landed.batch_id) = rejected.batch_id
    left join staged on landed.batch_id = staged.batch_id
)

select
    batch_id,
    table_name,
    file,
    status,
    rows_in_file,
    rows_landed,
    rows_rejected,
    n_landed,
    n_staged,
    n_typing_rejects,
    n_file_rejects
from counted
where
    -- rows of a batch that the ledger does not know
    status is null
    or n_landed <> n_staged + n_typing_rejects
    or n_landed <> coalesce(rows_landed, -1)
    or (
        status = 'landed'
        and (
            rows_in_file <> rows_landed + rows_rejected
            or rows_rejected <> n_file_rejects
        )
    )
    or (status = 'failed' and not (n_file_rejects = 1 and n_refused = 1))

union all

select
    batch_id,
    table_name,
    file,
    status,
    rows_in_file,
    rows_landed,
    rows_rejected,
    0 as n_landed,
    0 as n_staged,
    0 as n_typing_rejects,
    0 as n_file_rejects
from files
where
    status in ('duplicate', 'unknown')
    and coalesce(rows_landed, 0) <> 0
