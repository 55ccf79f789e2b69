-- What people did with content: events and forms that name an asset, pages under its address, articles of
-- social accounts.
with assets as (select * from {{ ref('int_touchpoints__content_assets') }}),

pages as (
    select url_pattern, min(asset_id) as asset_id
    from assets
    where url_pattern is not null
    group by url_pattern
    -- A page of several assets is none's.
    having count(*) = 1
),

events as (select * from {{ ref('int_web__events') }}),

visitors as (select * from {{ ref('int_identity__visitors') }}),

forms as (select * from {{ ref('int_web__form_submissions') }} where asset_id is not null),

persons as (select * from {{ ref('int_identity__person_records') }}),

social_touches as (
    {{ latest_version(
        ref('stg_engagement__social_touches'),
        ['_source_system', 'platform', 'openid', 'unionid', 'action', 'content_id', 'occurred_at']
    ) }}
)

select
    {{ surrogate_key(["'web_event'", "events.source_system", "events.event_id"]) }} as interaction_key,
    'web_event' as interaction_kind, events.event_name as action, events.source_system,
    coalesce(events.asset_id, pages.asset_id) as asset_id, visitors.person_key, events.occurred_at
from events
left join pages on events.page_path = pages.url_pattern
left join visitors
    on events.source_system = visitors.source_system and events.anonymous_id = visitors.anonymous_id
where coalesce(events.asset_id, pages.asset_id) is not null
union all
select
    {{ surrogate_key(["'form'", "forms.source_system", "forms.submission_id"]) }} as interaction_key,
    'form' as interaction_kind, forms.form_kind as action, forms.source_system, forms.asset_id,
    persons.person_key, forms.submitted_at as occurred_at
from forms
left join persons
    on
        persons.record_type = 'form_submission'
        and forms.source_system = persons.source_system
        and forms.submission_id = persons.record_id
union all
select
    {{ surrogate_key([
        "'social'", "social_touches._source_system", "social_touches.platform", "social_touches.openid",
        "social_touches.unionid", "social_touches.action", "social_touches.content_id", "social_touches.occurred_at"
    ]) }} as interaction_key,
    'social' as interaction_kind, lower(social_touches.action) as action,
    social_touches._source_system as source_system, social_touches.content_id as asset_id,
    persons.person_key, social_touches.occurred_at
from social_touches
left join persons
    on
        {{ surrogate_key([
            "'social_touch'", "social_touches._source_system",
            follower_id("social_touches.platform", "social_touches.openid", "social_touches.unionid")
        ]) }} = persons.record_key
where not social_touches._is_deleted and social_touches.content_id is not null
