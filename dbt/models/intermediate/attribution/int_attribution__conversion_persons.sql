-- The people behind a conversion: the lead's person and every contact named on the opportunity.
with conversions as (select * from {{ ref('int_attribution__conversions') }}),

opportunities as (select * from {{ ref('int_crm__opportunities') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

roles as (
    {{ latest_version(ref('stg_crm__opportunity_contact_roles'), ['_source_system', 'id']) }}
),

contacts as (
    select * from {{ ref('int_identity__person_records') }} where record_type = 'crm_contact'
),

opportunity_contacts as (
    select source_system, opportunity_id, primary_contact_id as contact_id
    from opportunities where primary_contact_id is not null
    union
    select _source_system as source_system, opportunity_id, contact_id from roles where not _is_deleted
)

select conversions.conversion_key, leads.person_key
from conversions
inner join leads on conversions.lead_key = leads.lead_key
union
select conversions.conversion_key, contacts.person_key
from conversions
inner join opportunities on conversions.opportunity_key = opportunities.opportunity_key
inner join opportunity_contacts
    on
        opportunities.source_system = opportunity_contacts.source_system
        and opportunities.opportunity_id = opportunity_contacts.opportunity_id
inner join contacts
    on
        opportunity_contacts.source_system = contacts.source_system
        and opportunity_contacts.contact_id = contacts.record_id
