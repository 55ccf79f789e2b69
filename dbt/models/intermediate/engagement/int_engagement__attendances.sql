with registrations as (
    {{ latest_version(
        ref('stg_engagement__event_attendance'), ['_source_system', 'event_id', 'registrant_id'],
        ['registered_at']
    ) }}
),

marketing_events as (
    {{ latest_version(ref('stg_engagement__marketing_events'), ['_source_system', 'event_id']) }}
)

select
    registrations._source_system as source_system,
    concat(registrations.event_id, '|', registrations.registrant_id) as record_id,
    registrations.name as full_name,
    registrations.email,
    registrations.phone,
    registrations.company as company_name,
    coalesce(lower(marketing_events.kind), 'event') as event_kind,
    marketing_events.campaign_id,
    -- Registering is not attending: only a check-in or watched minutes count.
    registrations.check_in_at is not null or coalesce(registrations.attended_minutes, 0) > 0 as has_attended,
    coalesce(registrations.check_in_at, marketing_events.start_at, registrations.registered_at) as attended_at,
    registrations.registered_at,
    registrations.first_known_at
from registrations
left join marketing_events
    on
        registrations._source_system = marketing_events._source_system
        and registrations.event_id = marketing_events.event_id
where not registrations._is_deleted
