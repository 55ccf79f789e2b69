-- A row is a limit of sales operations that has no row in force on the as-of day, or more than one: what it
-- judges would silently be left out, or stand there twice (G01, G04, G06, G13).
{{ config(meta={'dagster': {'ref': {'name': 'fct_handoff'}}}) }}
with limits as (select * from {{ ref('sales_limit') }}),

in_force as (
    select limit_id, count(*) as n_rows
    from limits
    where {{ in_force_now() }}
    group by limit_id
)

select
    known.limit_id,
    coalesce(in_force.n_rows, 0) as n_rows
from (select distinct limit_id from limits) as known
left join in_force on known.limit_id = in_force.limit_id
where coalesce(in_force.n_rows, 0) <> 1
