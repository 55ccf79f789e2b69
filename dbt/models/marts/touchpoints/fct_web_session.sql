with sessions as (select * from {{ ref('int_web__sessions') }}),

touchpoints as (select * from {{ ref('fct_touchpoint') }} where touch_kind = 'web_session'),

forms as (select * from {{ ref('int_touchpoints__forms') }}),

captures as (select * from {{ ref('int_leads__captures') }}),

sent as (
    select
        forms.session_key,
        count(*) as n_forms,
        max(case when captures.capture = 'captured' then 1 else 0 end) as n_captured
    from forms
    inner join captures on forms.submission_key = captures.submission_key
    group by forms.session_key
)

select
    sessions.session_key,
    sessions.source_system,
    {{ surrogate_key(["sessions.source_system", "sessions.anonymous_id"]) }} as visitor_key,
    touchpoints.person_key,
    touchpoints.account_key,
    touchpoints.channel,
    touchpoints.platform,
    sessions.utm_source,
    sessions.utm_medium,
    sessions.utm_campaign,
    sessions.utm_term,
    sessions.click_id_type,
    sessions.referrer,
    sessions.landing_path,
    sessions.started_at,
    {{ business_date("sessions.started_at") }} as started_date,
    sessions.last_event_at,
    sessions.n_events,
    coalesce(sent.n_forms, 0) as n_forms,
    sent.session_key is not null as has_form,
    coalesce(sent.n_captured, 0) = 1 as is_captured
from sessions
inner join touchpoints on sessions.session_key = touchpoints.touchpoint_key
left join sent on sessions.session_key = sent.session_key
