-- A row is a cost line whose months do not add up to it, or that fell out of fct_cost.
{{ config(meta={'dagster': {'ref': {'name': 'fct_cost'}}}) }}
with lines as (select * from {{ ref('int_cost__ledger') }}),

months as (
    select cost_key, sum(amount_minor) as amount_minor
    from {{ ref('fct_cost') }}
    group by cost_key
)

select lines.cost_key
from lines
left join months on lines.cost_key = months.cost_key
where months.amount_minor is distinct from lines.amount_minor
