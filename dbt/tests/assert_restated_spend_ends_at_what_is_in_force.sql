-- A row is a spend cell whose last known version is not what is in force (A10): history and present agree.
{{ config(meta={'dagster': {'ref': {'name': 'fct_cost_restatement'}}}) }}
with versions as (select * from {{ ref('int_cost__ad_spend_versions') }} where known_to is null),

lines as (select * from {{ ref('int_cost__lines') }} where cost_type = 'media' and platform is not null)

select coalesce(versions.cost_key, lines.cost_key) as cost_key
from versions
full outer join lines on versions.cost_key = lines.cost_key
where coalesce(versions.amount_minor, 0) <> coalesce(lines.amount_minor, 0)
