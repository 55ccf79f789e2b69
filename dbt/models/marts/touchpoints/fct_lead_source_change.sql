with sources as (select * from {{ ref('int_touchpoints__lead_sources') }}),

causes as (select * from {{ ref('int_touchpoints__source_changes') }}),

touchpoints as (select * from {{ ref('fct_touchpoint') }}),

leads as (select lead_key, person_key from {{ ref('dim_lead') }}),

-- Of several changes of one person on one day the first by key: they have the same cause.
events as (
    select entity_key as person_key, known_at, min(identity_event_key) as identity_event_key
    from {{ ref('fct_identity_event') }}
    where entity = 'person' and event_kind <> 'created'
    group by entity_key, known_at
)

select
    {{ surrogate_key(["sources.lead_key", "sources.source_kind", "sources.change_number"]) }}
        as lead_source_change_key,
    sources.lead_key,
    sources.source_kind,
    cast(sources.change_number as integer) as change_number,
    causes.change_cause,
    events.identity_event_key,
    sources.touchpoint_key,
    touchpoints.channel,
    sources.previous_touchpoint_key,
    former.channel as previous_channel,
    sources.known_from as known_at,
    sources.known_to as known_until
from sources
inner join causes
    on
        sources.lead_key = causes.lead_key
        and sources.source_kind = causes.source_kind
        and sources.change_number = causes.change_number
inner join touchpoints on sources.touchpoint_key = touchpoints.touchpoint_key
left join touchpoints as former on sources.previous_touchpoint_key = former.touchpoint_key
inner join leads on sources.lead_key = leads.lead_key
left join events
    on
        leads.person_key = events.person_key
        and sources.known_from = events.known_at
        and causes.change_cause = 'identity'
