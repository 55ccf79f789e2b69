-- What visits, forms and leads say of the advertisement they came from.
with sessions as (select * from {{ ref('int_web__sessions') }}),

forms as (select * from {{ ref('int_touchpoints__forms') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

touchpoints as (
    select touchpoint_key, touch_kind, source_system, record_key, platform
    from {{ ref('int_touchpoints__unified') }}
    where touch_kind in ('web_session', 'form_submission')
),

channels as (select lead_key, platform from {{ ref('int_leads__leads') }}),

evidence as (
    select
        'visit' as object_kind, sessions.session_key as object_key, touchpoints.platform,
        sessions.utm_campaign, sessions.utm_term, sessions.click_id_type, sessions.click_id
    from sessions
    inner join touchpoints on sessions.session_key = touchpoints.touchpoint_key
    union all
    select
        'form' as object_kind, forms.submission_key as object_key, touchpoints.platform,
        forms.utm_campaign, forms.utm_term, forms.click_id_type, forms.click_id
    from forms
    inner join touchpoints
        on
            {{ surrogate_key(["'form_submission'", "forms.source_system", "forms.submission_id"]) }}
            = touchpoints.touchpoint_key
    union all
    select
        'lead' as object_kind, leads.lead_key as object_key, channels.platform,
        leads.utm_campaign, leads.utm_term, lower(leads.click_id_type) as click_id_type, leads.click_id
    from leads
    inner join channels on leads.lead_key = channels.lead_key
)

select
    *,
    {{ surrogate_key(["platform", "utm_campaign", "utm_term", "click_id_type", "click_id"]) }} as evidence_key
from evidence
where coalesce(utm_campaign, utm_term, click_id) is not null
