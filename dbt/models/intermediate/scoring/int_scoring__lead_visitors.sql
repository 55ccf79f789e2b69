-- The browsers behind each lead: those of its person, as known now.
with leads as (select * from {{ ref('int_leads__leads') }}),

visitors as (select * from {{ ref('int_identity__visitors') }})

select
    leads.lead_key,
    visitors.source_system,
    visitors.anonymous_id,
    leads.created_at as valid_from,
    cast(null as timestamp) as valid_to
from leads
inner join visitors on leads.person_key = visitors.person_key
