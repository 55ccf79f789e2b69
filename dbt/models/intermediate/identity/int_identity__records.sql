-- The current word of every record of identity.
{{ config(materialized='view') }}
select * from {{ ref('int_identity__record_versions') }}
where known_to is null
