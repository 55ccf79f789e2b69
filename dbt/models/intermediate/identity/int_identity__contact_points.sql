-- Records that are an address and nothing else: a browser's cookie, a follower's openid, the address
-- a message went to, an id that only a merge log still knows. They exist since the first delivery that mentions them.
with events as (select * from {{ ref('int_web__events') }}),

submissions as (
    select * from {{ ref('int_identity__channel_versions') }} where record_type = 'form_submission'
),

social_touches as (select * from {{ ref('stg_engagement__social_touches') }} where not _is_deleted),

message_sends as (select * from {{ ref('stg_engagement__message_sends') }} where not _is_deleted),

merge_log as (select * from {{ ref('stg_crm__merge_log') }} where lower(object_type) in ('lead', 'contact')),

-- As first told: a form that was corrected or withdrawn since did mention its cookie.
visits as (
    select source_system, anonymous_id, occurred_at, first_known_at from events
    union all
    select source_system, anonymous_id, occurred_at, known_from as first_known_at from submissions
),

merged_ids as (
    select _source_system as source_system, lower(object_type) as object_type, winner_id as crm_id, _extracted_at
    from merge_log
    union all
    select _source_system as source_system, lower(object_type) as object_type, loser_id as crm_id, _extracted_at
    from merge_log
)

select
    'web_visitor' as record_type, source_system, anonymous_id as record_id,
    min(first_known_at) as first_known_at, min(occurred_at) as occurred_at,
    anonymous_id, null as openid, null as unionid, null as address_type, null as address
from visits
where anonymous_id is not null
group by source_system, anonymous_id
union all
select
    'social_touch' as record_type, _source_system as source_system,
    {{ follower_id("platform", "openid", "unionid") }} as record_id,
    min(_extracted_at) as first_known_at, min(occurred_at) as occurred_at,
    null as anonymous_id,
    -- An openid is unique within one app only.
    concat(platform, ':', openid) as openid, unionid, null as address_type, null as address
from social_touches
where openid is not null or unionid is not null
group by _source_system, platform, openid, unionid
union all
select
    'message_recipient' as record_type, _source_system as source_system,
    {{ message_recipient_id("person_key_type", "person_key") }} as record_id,
    min(_extracted_at) as first_known_at, min(sent_at) as occurred_at,
    null as anonymous_id, null as openid, null as unionid,
    lower(person_key_type) as address_type, person_key as address
from message_sends
where person_key is not null
group by _source_system, lower(person_key_type), person_key
union all
-- CRMs drop the losers of a merge: without them a chain of merges would fall apart.
select
    'crm_reference' as record_type, source_system, concat(object_type, '|', crm_id) as record_id,
    min(_extracted_at) as first_known_at, cast(null as timestamp) as occurred_at,
    null as anonymous_id, null as openid, null as unionid,
    concat(object_type, '_id') as address_type, crm_id as address
from merged_ids
where crm_id is not null
group by source_system, object_type, crm_id
