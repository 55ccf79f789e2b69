-- The browsers behind each lead as we knew it at the time: while both were held to be one person,
-- whatever the person's id was. A merge moves nothing before it was known.
with leads as (
    select distinct lead_key, record_key, starts_at
    from {{ ref('int_crm__lead_periods') }}
    where starts_at is not null
),

memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'person'),

visitors as (
    select
        visitors.source_system, visitors.anonymous_id, memberships.entity_key,
        memberships.valid_from, memberships.valid_to
    from {{ ref('int_identity__visitors') }} as visitors
    inner join memberships on visitors.record_key = memberships.record_key
),

together as (
    select
        leads.lead_key,
        visitors.source_system,
        visitors.anonymous_id,
        greatest(leads.starts_at, memberships.valid_from, visitors.valid_from) as valid_from,
        least(memberships.valid_to, visitors.valid_to) as valid_to
    from leads
    inner join memberships on leads.record_key = memberships.record_key
    inner join visitors on memberships.entity_key = visitors.entity_key
)

{{ joined_periods('together', ['lead_key', 'source_system', 'anonymous_id']) }}
