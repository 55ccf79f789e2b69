-- Interactions other than web visits, one row each, with the record that ties them to a person and the
-- evidence of their channel. What a source leaves empty stays NULL.
with forms as (select * from {{ ref('int_touchpoints__forms') }}),

calls as (select * from {{ ref('int_engagement__calls') }}),

wecom_events as (select * from {{ ref('int_engagement__wecom_events') }}),

attendances as (select * from {{ ref('int_engagement__attendances') }}),

messages as (select * from {{ ref('int_touchpoints__messages') }}),

social_touches as (
    {{ latest_version(
        ref('stg_engagement__social_touches'),
        ['_source_system', 'platform', 'openid', 'unionid', 'action', 'content_id', 'occurred_at']
    ) }}
),

activities as (select * from {{ ref('int_engagement__sales_activities') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

interactions as (
    select
        'form_submission' as touch_kind, source_system, submission_id as interaction_id,
        {{ surrogate_key(["'form_submission'", "source_system", "submission_id"]) }} as record_key,
        null as direction, submitted_at as occurred_at, first_known_at as known_at, utm_campaign as campaign_ref,
        utm_source, utm_medium, utm_campaign, click_id_type, referrer
    from forms
    union all
    select
        case when direction = 'outbound' then 'call_outbound' else 'call_inbound' end as touch_kind,
        source_system, call_id as interaction_id,
        {{ surrogate_key(["'call'", "source_system", "call_id"]) }} as record_key,
        null as direction, started_at as occurred_at, first_known_at as known_at, null as campaign_ref,
        {{ no_channel_evidence() }}
    from calls
    union all
    select
        'wecom_add' as touch_kind, source_system, record_id as interaction_id,
        {{ surrogate_key(["'wecom_contact'", "source_system", "record_id"]) }} as record_key,
        null as direction, event_at as occurred_at, first_known_at as known_at, channel_code as campaign_ref,
        {{ no_channel_evidence() }}
    from wecom_events
    where is_addition
    union all
    {% for suffix, at, condition in [
        ("registered", "registered_at", "registered_at is not null"), ("attended", "attended_at", "has_attended")
    ] -%}
    select
        concat(event_kind, '_{{ suffix }}') as touch_kind, source_system, record_id as interaction_id,
        {{ surrogate_key(["'event_attendance'", "source_system", "record_id"]) }} as record_key,
        null as direction, {{ at }} as occurred_at, first_known_at as known_at, campaign_id as campaign_ref,
        {{ no_channel_evidence() }}
    from attendances
    where {{ condition }}
    union all
    {% endfor -%}
    select
        touch_kind, source_system, interaction_id, record_key, null as direction, occurred_at, known_at,
        campaign_ref, {{ no_channel_evidence() }}
    from messages
    union all
    select
        concat('social_', lower(action)) as touch_kind, _source_system as source_system,
        {{ surrogate_key(["platform", "openid", "unionid", "action", "content_id", "occurred_at"]) }}
            as interaction_id,
        {{ surrogate_key([
            "'social_touch'", "_source_system", follower_id("platform", "openid", "unionid")
        ]) }} as record_key,
        null as direction, occurred_at, first_known_at as known_at, qr_param as campaign_ref,
        platform as utm_source, null as utm_medium, null as utm_campaign, null as click_id_type, null as referrer
    from social_touches
    where not _is_deleted
    union all
    -- Calls of the call centre are listed above, whether or not they name a lead.
    select
        concat('sales_', activities.kind) as touch_kind, activities.source_system,
        activities.activity_key as interaction_id,
        {{ surrogate_key(["'crm_lead'", "leads.source_system", "leads.lead_id"]) }} as record_key,
        activities.direction, activities.occurred_at, activities.known_at, null as campaign_ref,
        {{ no_channel_evidence() }}
    from activities
    left join leads on activities.lead_key = leads.lead_key
    where activities.record_type <> 'call_center_call'
    union all
    select
        'lead_created' as touch_kind, source_system, lead_id as interaction_id,
        {{ surrogate_key(["'crm_lead'", "source_system", "lead_id"]) }} as record_key,
        null as direction, created_at as occurred_at, first_known_at as known_at, utm_campaign as campaign_ref,
        {{ no_channel_evidence() }}
    from leads
)

select
    {{ surrogate_key(["touch_kind", "source_system", "interaction_id"]) }} as touchpoint_key,
    *
from interactions
