-- The people a journey is made of: the lead's person, contacts named on the opportunity, and whoever
-- worked for the account when it ended; as the identity graph had them then.
with windows as (select * from {{ ref('int_attribution__windows') }}),

enabled as (
    select party from {{ ref('attribution_party') }} where is_enabled and {{ in_force_now() }}
),

opportunities as (select * from {{ ref('int_crm__opportunities') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

roles as (
    {{ latest_version(ref('stg_crm__opportunity_contact_roles'), ['_source_system', 'id']) }}
),

records as (select * from {{ ref('int_identity__person_records') }}),

employments as (select * from {{ ref('int_golden__person_accounts') }}),

identities as (select * from {{ ref('int_attribution__identity_periods') }}),

opportunity_contacts as (
    select source_system, opportunity_id, primary_contact_id as contact_id
    from opportunities where primary_contact_id is not null
    union
    select _source_system as source_system, opportunity_id, contact_id from roles where not _is_deleted
),

named as (
    select windows.journey_key, windows.ended_at, 'lead_person' as party, leads.record_key
    from windows
    inner join leads on windows.lead_key = leads.lead_key
    union all
    select windows.journey_key, windows.ended_at, 'opportunity_contact' as party, records.record_key
    from windows
    inner join opportunities on windows.opportunity_key = opportunities.opportunity_key
    inner join opportunity_contacts
        on
            opportunities.source_system = opportunity_contacts.source_system
            and opportunities.opportunity_id = opportunity_contacts.opportunity_id
    inner join records
        on
            opportunity_contacts.source_system = records.source_system
            and opportunity_contacts.contact_id = records.record_id
            and records.record_type = 'crm_contact'
    union all
    select windows.journey_key, windows.ended_at, 'account_person' as party, records.record_key
    from windows
    inner join employments
        on
            windows.account_key = employments.account_key
            and windows.ended_at >= employments.valid_from
            and windows.ended_at < coalesce(employments.valid_to, timestamp '9999-12-31 00:00:00')
    inner join records
        on employments.person_key = records.person_key and records.record_key = records.anchor_record_key
)

select distinct
    named.journey_key,
    named.ended_at,
    identities.person_key
from named
inner join enabled on named.party = enabled.party
inner join identities
    on
        named.record_key = identities.record_key
        and named.ended_at > identities.converted_after
        and named.ended_at <= identities.converted_until
