-- All evidence of permission: whose, through which of the person's identifiers or records (the side),
-- for which channel and purpose, and what it decides (seeds/rules/permission_evidence.csv).
with consents as (select * from {{ ref('int_golden__consents') }} where identifier_value is not null),

listings as (select * from {{ ref('int_golden__listed_addresses') }}),

crm_attributes as (select * from {{ ref('int_golden__crm_attributes') }} where raw_value = 'true'),

persons as (select * from {{ ref('int_identity__person_records') }}),

rules as (select * from {{ ref('permission_evidence') }} where {{ in_force_now() }}),

scopes as (select * from {{ ref('permission_scope') }} where {{ in_force_now() }}),

coverage as (
    select scope_kind, scope_value as stated, scope_value as covered from scopes
    union
    select scope_kind, 'all' as stated, scope_value as covered from scopes
),

-- One identifier may serve two persons of different names: the evidence is about both.
holders as (
    select distinct identifier_key, entity_key as person_key
    from {{ ref('int_golden__accepted_edges') }}
    where entity = 'person'
),

evidence as (
    select
        holders.person_key, consents.identifier_type as side_type, holders.identifier_key as side_key,
        'consent' as evidence_kind, consents.consent_id as evidence_id,
        consents.consent_action as evidence_action, consents.default_state,
        consents.channel, consents.purpose, consents.occurred_at as acted_at, consents.expires_at
    from consents
    inner join holders on {{ identifier_key("consents") }} = holders.identifier_key
    union all
    select
        persons.person_key, consents.identifier_type as side_type, persons.record_key as side_key,
        'consent' as evidence_kind, consents.consent_id as evidence_id,
        consents.consent_action as evidence_action, consents.default_state,
        consents.channel, consents.purpose, consents.occurred_at as acted_at, consents.expires_at
    from consents
    inner join persons
        on
            case consents.identifier_type when 'lead_id' then 'crm_lead' when 'contact_id' then 'crm_contact' end
            = persons.record_type
            and consents.identifier_value = persons.record_id
    union all
    select
        holders.person_key, listings.identifier_type as side_type, holders.identifier_key as side_key,
        'suppression' as evidence_kind, listings.listing_key as evidence_id,
        listings.list_name as evidence_action, 'none' as default_state,
        null as channel, null as purpose, listings.listed_at as acted_at, null as expires_at
    from listings
    inner join holders on listings.identifier_key = holders.identifier_key
    union all
    select
        persons.person_key, crm_attributes.record_type as side_type, persons.record_key as side_key,
        'crm_flag' as evidence_kind, persons.record_key as evidence_id,
        crm_attributes.attribute as evidence_action, 'none' as default_state,
        null as channel, null as purpose, crm_attributes.said_at as acted_at, null as expires_at
    from crm_attributes
    inner join persons on crm_attributes.record_key = persons.record_key
),

-- A row of the rules that names the state of the box goes before one for any state.
judged as (
    select
        evidence.person_key, evidence.side_type, evidence.side_key, evidence.evidence_kind,
        evidence.evidence_id, evidence.acted_at, evidence.expires_at, rules.decision,
        coalesce(rules.channel, evidence.channel) as channel,
        coalesce(rules.purpose, evidence.purpose) as purpose
    from evidence
    inner join rules
        on
            evidence.evidence_kind = rules.evidence_kind
            and evidence.evidence_action = rules.action
            and rules.default_state in ('*', evidence.default_state)
            and rules.identifier_type in ('*', evidence.side_type)
    qualify
        dense_rank() over (
            partition by
                evidence.person_key, evidence.side_key, evidence.evidence_kind, evidence.evidence_id,
                evidence.evidence_action
            order by
                case when rules.default_state = '*' then 1 else 0 end asc nulls last,
                case when rules.identifier_type = '*' then 1 else 0 end asc nulls last
        ) = 1
)

select
    judged.person_key,
    judged.side_type,
    judged.side_key,
    judged.evidence_kind,
    judged.evidence_id,
    coalesce(channels.covered, judged.channel) as channel,
    coalesce(purposes.covered, judged.purpose) as purpose,
    judged.decision,
    judged.acted_at,
    judged.expires_at
from judged
left join coverage as channels on judged.channel = channels.stated and channels.scope_kind = 'channel'
left join coverage as purposes on judged.purpose = purposes.stated and purposes.scope_kind = 'purpose'
