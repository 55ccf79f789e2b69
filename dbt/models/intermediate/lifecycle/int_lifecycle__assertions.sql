-- The stage log as we know it now.
{{ config(materialized='view') }}
select * from {{ ref('int_lifecycle__log_periods') }}
where known_to is null
