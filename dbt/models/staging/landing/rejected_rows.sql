-- A table, not a view: it reads every landed cell that a row cannot do without.
{{ config(materialized='table') }}

with rejected as (
    {{ all_rejected_rows() }}
)

select *
from rejected
