-- Forms with the source of the form itself, else that of the visit it was sent in.
with submissions as (select * from {{ ref('int_web__form_submissions') }}),

sessions as (select * from {{ ref('int_web__sessions') }}),

told as (
    select *, coalesce(utm_source, utm_medium, click_id_type) is not null as has_source
    from submissions
)

select
    told.submission_key,
    told.source_system,
    told.submission_id,
    told.submitted_at,
    told.first_known_at,
    sessions.session_key,
    case when told.has_source then told.utm_source else sessions.utm_source end as utm_source,
    case when told.has_source then told.utm_medium else sessions.utm_medium end as utm_medium,
    case when told.has_source then told.utm_campaign else sessions.utm_campaign end as utm_campaign,
    case when told.has_source then told.utm_term else sessions.utm_term end as utm_term,
    case when told.has_source then told.click_id_type else sessions.click_id_type end as click_id_type,
    case when told.has_source then told.click_id else sessions.click_id end as click_id,
    case when told.has_source then told.referrer else sessions.referrer end as referrer
from told
left join sessions
    on
        told.source_system = sessions.source_system
        and told.anonymous_id = sessions.anonymous_id
        and told.session_id = sessions.session_id
