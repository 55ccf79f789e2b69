-- Interactions other than web visits, one row each, with the record that ties them to a person.
with submissions as (select * from {{ ref('int_web__form_submissions') }}),

calls as (
    {{ latest_version(ref('stg_engagement__call_center_calls'), ['_source_system', 'call_id']) }}
),

wecom_events as (
    {{ latest_version(
        ref('stg_engagement__wecom_external_contacts'),
        ['_source_system', 'external_userid', 'userid', 'event_at']
    ) }}
),

wecom_additions as (
    select
        *,
        concat(external_userid, '|', userid, '|', cast(event_at as {{ dbt.type_string() }})) as record_id
    from wecom_events
    where coalesce(lower(event), 'add') in ('add', 'add_half')
),

attendances as (
    {{ latest_version(
        ref('stg_engagement__event_attendance'), ['_source_system', 'event_id', 'registrant_id'],
        ['registered_at']
    ) }}
),

marketing_events as (
    {{ latest_version(ref('stg_engagement__marketing_events'), ['_source_system', 'event_id']) }}
),

activities as (
    {{ latest_version(ref('stg_crm__activities'), ['_source_system', 'activity_id']) }}
),

leads as (select * from {{ ref('int_crm__leads') }}),

interactions as (
    select
        'form_submission' as touch_kind, source_system, submission_id as interaction_id,
        {{ surrogate_key(["'form_submission'", "source_system", "submission_id"]) }} as record_key,
        submitted_at as occurred_at, first_known_at as known_at, utm_source, utm_medium, utm_campaign as campaign_ref
    from submissions
    union all
    select
        case when lower(direction) = 'outbound' then 'call_outbound' else 'call_inbound' end as touch_kind,
        _source_system as source_system, call_id as interaction_id,
        {{ surrogate_key(["'call'", "_source_system", "call_id"]) }} as record_key,
        started_at as occurred_at, first_known_at as known_at,
        null as utm_source, null as utm_medium, null as campaign_ref
    from calls
    union all
    select
        'wecom_add' as touch_kind, _source_system as source_system, record_id as interaction_id,
        {{ surrogate_key(["'wecom_contact'", "_source_system", "record_id"]) }} as record_key,
        event_at as occurred_at, first_known_at as known_at,
        null as utm_source, null as utm_medium, state as campaign_ref
    from wecom_additions
    union all
    -- Registering is not attending: only a check-in or watched minutes count.
    select
        concat(coalesce(lower(marketing_events.kind), 'event'), '_attended') as touch_kind,
        attendances._source_system as source_system,
        concat(attendances.event_id, '|', attendances.registrant_id) as interaction_id,
        {{ surrogate_key([
            "'event_attendance'", "attendances._source_system",
            "concat(attendances.event_id, '|', attendances.registrant_id)"
        ]) }} as record_key,
        coalesce(
            attendances.check_in_at, marketing_events.start_at, attendances.registered_at
        ) as occurred_at,
        attendances.first_known_at as known_at,
        null as utm_source, null as utm_medium, marketing_events.campaign_id as campaign_ref
    from attendances
    left join marketing_events
        on
            attendances._source_system = marketing_events._source_system
            and attendances.event_id = marketing_events.event_id
    where attendances.check_in_at is not null or attendances.attended_minutes > 0
    union all
    select
        concat('sales_', lower(activities.kind)) as touch_kind, activities._source_system as source_system,
        activities.activity_id as interaction_id,
        {{ surrogate_key(["'crm_lead'", "activities._source_system", "activities.lead_id"]) }} as record_key,
        activities.occurred_at, activities.first_known_at as known_at,
        null as utm_source, null as utm_medium, null as campaign_ref
    from activities
    where activities.lead_id is not null
    union all
    select
        'lead_created' as touch_kind, source_system, lead_id as interaction_id,
        {{ surrogate_key(["'crm_lead'", "source_system", "lead_id"]) }} as record_key,
        created_at as occurred_at, first_known_at as known_at,
        null as utm_source, null as utm_medium, utm_campaign as campaign_ref
    from leads
)

select
    {{ surrogate_key(["touch_kind", "source_system", "interaction_id"]) }} as touchpoint_key,
    *
from interactions
