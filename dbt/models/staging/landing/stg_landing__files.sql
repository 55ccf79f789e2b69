with ledger as (
    select * from {{ landing_book('files', '_ledger.parquet') }}
)

select
    table_name,
    file,
    content_hash,
    batch_id,
    source_system,
    cast(extract_date as date) as extract_date,
    format,
    encoding,
    delimiter,
    cast(rows_in_file as bigint) as rows_in_file,
    cast(rows_landed as bigint) as rows_landed,
    cast(rows_rejected as bigint) as rows_rejected,
    status,
    message,
    missing_columns,
    extra_columns,
    cast(landed_at as timestamp) as landed_at
from ledger
