-- A row is a CRM status nobody mapped (F16): it is left out of the stages and the marts still build.
-- Remedy: add it to seeds/rules/crm_status_map.csv.
{{ config(severity='warn') }}
select
    source_system,
    crm_status,
    count(*) as n_assertions
from {{ ref('int_lifecycle__mapped_statuses') }}
where stage is null
group by source_system, crm_status
