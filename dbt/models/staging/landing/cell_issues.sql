-- A table, not a view: it reads every landed cell that is not plain text.
{{ config(materialized='table') }}

with issues as (
    {{ all_cell_issues() }}
),

rejected as (
    select * from {{ ref('rejected_rows') }} where stage = 'typing'
)

select issues.*
from issues
left join rejected
    on
        issues.table_name = rejected.table_name
        and issues.batch_id = rejected.batch_id
        and issues.row_number = rejected.row_number
where rejected.batch_id is null
