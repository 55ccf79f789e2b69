-- Why each source changed. The touch came to be known that day: a later one, or late data; else it is who
-- belongs to whom that changed.
with sources as (select * from {{ ref('int_touchpoints__lead_sources') }}),

touchpoints as (select * from {{ ref('int_touchpoints__unified') }}),

pairs as (select * from {{ ref('int_touchpoints__lead_touches') }}),

-- The period in which the former source ended, if it did at this instant.
ended as (
    select distinct lead_key, touchpoint_key, valid_to from pairs where valid_to is not null
)

select
    sources.lead_key,
    sources.source_kind,
    sources.change_number,
    case
        when sources.change_number = 1 then 'first_known'
        when ended.lead_key is not null then 'identity'
        when touchpoints.known_at < sources.known_from then 'identity'
        when touchpoints.occurred_at >= former.occurred_at then 'later_touch'
        else 'late_data'
    end as change_cause
from sources
inner join touchpoints on sources.touchpoint_key = touchpoints.touchpoint_key
left join touchpoints as former on sources.previous_touchpoint_key = former.touchpoint_key
left join ended
    on
        sources.lead_key = ended.lead_key
        and sources.previous_touchpoint_key = ended.touchpoint_key
        and sources.known_from = ended.valid_to
