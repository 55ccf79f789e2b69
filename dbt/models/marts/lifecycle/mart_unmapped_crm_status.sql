-- Status values nobody mapped: what they say is left out of the stages until seeds/rules/crm_status_map.csv
-- has a row.
with statuses as (select * from {{ ref('int_lifecycle__mapped_statuses') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    {{ surrogate_key(["statuses.source_system", "lower(statuses.crm_status)"]) }} as unmapped_status_key,
    statuses.source_system,
    lower(statuses.crm_status) as crm_status,
    count(*) as n_assertions,
    count(distinct statuses.lead_key) as n_leads,
    min(statuses.occurred_at) as first_occurred_at,
    max(statuses.occurred_at) as last_occurred_at,
    min(statuses.known_at) as first_known_at,
    as_of.as_of
from statuses
cross join as_of
where statuses.stage is null
group by statuses.source_system, lower(statuses.crm_status), as_of.as_of
