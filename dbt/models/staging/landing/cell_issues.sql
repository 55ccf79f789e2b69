-- A table, not a view: it reads every landed cell that is not plain text.
{{ config(materialized='table') }}

with issues as (
    {{ all_cell_issues() }}
)

select *
from issues
