-- Lead x inbound touch of its person, in the periods in which we knew of the touch, of the lead, and that
-- both are one person. A visit of a browser nobody has claimed joins on the day somebody does.
with touchpoints as (
    select * from {{ ref('int_touchpoints__unified') }}
    where direction = 'inbound' and touch_use in ('attributable', 'fallback')
),

leads as (select * from {{ ref('int_leads__leads') }}),

memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'person'),

together as (
    select
        leads.lead_key,
        touchpoints.touchpoint_key,
        greatest(
            leads.first_known_at, touchpoints.known_at, lead_memberships.valid_from, memberships.valid_from
        ) as valid_from,
        least(lead_memberships.valid_to, memberships.valid_to) as valid_to
    from leads
    inner join memberships as lead_memberships on leads.record_key = lead_memberships.record_key
    inner join memberships on lead_memberships.entity_key = memberships.entity_key
    inner join touchpoints on memberships.record_key = touchpoints.record_key
)

{{ joined_periods('together', ['lead_key', 'touchpoint_key']) }}
