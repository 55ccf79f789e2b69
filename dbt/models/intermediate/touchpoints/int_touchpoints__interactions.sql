-- Interactions other than web visits, one row each, with the record that ties them to a person.
with submissions as (select * from {{ ref('int_web__form_submissions') }}),

calls as (select * from {{ ref('int_engagement__calls') }}),

wecom_events as (select * from {{ ref('int_engagement__wecom_events') }}),

attendances as (select * from {{ ref('int_engagement__attendances') }}),

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
        case when direction = 'outbound' then 'call_outbound' else 'call_inbound' end as touch_kind,
        source_system, call_id as interaction_id,
        {{ surrogate_key(["'call'", "source_system", "call_id"]) }} as record_key,
        started_at as occurred_at, first_known_at as known_at,
        null as utm_source, null as utm_medium, null as campaign_ref
    from calls
    union all
    select
        'wecom_add' as touch_kind, source_system, record_id as interaction_id,
        {{ surrogate_key(["'wecom_contact'", "source_system", "record_id"]) }} as record_key,
        event_at as occurred_at, first_known_at as known_at,
        null as utm_source, null as utm_medium, channel_code as campaign_ref
    from wecom_events
    where is_addition
    union all
    select
        concat(event_kind, '_attended') as touch_kind, source_system, record_id as interaction_id,
        {{ surrogate_key(["'event_attendance'", "source_system", "record_id"]) }} as record_key,
        attended_at as occurred_at, first_known_at as known_at,
        null as utm_source, null as utm_medium, campaign_id as campaign_ref
    from attendances
    where has_attended
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
