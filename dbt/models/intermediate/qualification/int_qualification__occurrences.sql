-- What the person of a lead did that a predicate asks for. Done before the lead existed, it counts from
-- the lead's creation. Registering for an event is not attending it.
with leads as (select * from {{ ref('int_leads__leads') }} where person_key is not null),

predicates as (
    select distinct signal_kind, signal
    from {{ ref('int_qualification__predicates') }}
    where match_kind = 'occurred'
),

records as (select * from {{ ref('int_identity__person_records') }}),

sessions as (select * from {{ ref('int_web__sessions') }} where person_key is not null),

events as (select * from {{ ref('int_web__events') }}),

submissions as (select * from {{ ref('int_web__form_submissions') }}),

attendances as (select * from {{ ref('int_engagement__attendances') }} where has_attended),

acts as (
    select
        sessions.person_key, 'web_event' as signal_kind, events.event_name as signal,
        events.occurred_at, events.first_known_at as known_at
    from events
    inner join sessions
        on
            events.source_system = sessions.source_system
            and events.anonymous_id = sessions.anonymous_id
            and events.session_id = sessions.session_id
    union all
    select
        records.person_key, 'form_submission' as signal_kind, submissions.form_kind as signal,
        submissions.submitted_at as occurred_at, submissions.first_known_at as known_at
    from submissions
    inner join records
        on
            records.record_type = 'form_submission'
            and submissions.source_system = records.source_system
            and submissions.submission_id = records.record_id
    union all
    select
        records.person_key, 'event_attendance' as signal_kind, attendances.event_kind as signal,
        attendances.attended_at as occurred_at, attendances.first_known_at as known_at
    from attendances
    inner join records
        on
            records.record_type = 'event_attendance'
            and attendances.source_system = records.source_system
            and attendances.record_id = records.record_id
)

select
    leads.lead_key,
    acts.signal_kind,
    acts.signal,
    greatest(acts.occurred_at, leads.created_at) as occurred_at,
    min(greatest(acts.known_at, leads.first_known_at)) as known_at
from acts
inner join predicates on acts.signal_kind = predicates.signal_kind and acts.signal = predicates.signal
inner join leads on acts.person_key = leads.person_key
group by
    leads.lead_key, acts.signal_kind, acts.signal, greatest(acts.occurred_at, leads.created_at)
