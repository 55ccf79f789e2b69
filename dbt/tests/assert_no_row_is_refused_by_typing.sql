-- A row is a table of which typing refused rows; staging.rejected_rows says which and why.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'rejected_rows'}}}) }}
select
    table_name,
    count(*) as n_refused
from {{ ref('rejected_rows') }}
where stage = 'typing'
group by table_name
