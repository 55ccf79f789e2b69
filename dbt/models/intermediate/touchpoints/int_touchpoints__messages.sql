-- Messages we sent and what people did with them: e-mail, text messages, app push, WeChat templates.
-- What a scanner or proxy opened or clicked is no act of anybody.
with sends as (
    {{ latest_version(ref('stg_engagement__message_sends'), ['_source_system', 'send_id']) }}
),

reactions as (
    {{ latest_version(ref('stg_engagement__message_events'), ['_source_system', 'event_id']) }}
),

-- The empty part of a kind stays empty: such a kind is unknown, and listed.
sent as (
    select
        _source_system as source_system,
        send_id,
        concat('message_', coalesce(lower(channel), '')) as message_kind,
        {{ surrogate_key([
            "'message_recipient'", "_source_system", message_recipient_id("person_key_type", "person_key")
        ]) }} as record_key,
        campaign_id,
        sent_at,
        first_known_at
    from sends
    where not _is_deleted
)

select
    concat(message_kind, '_sent') as touch_kind, source_system, send_id as interaction_id, record_key,
    campaign_id as campaign_ref, sent_at as occurred_at, first_known_at as known_at
from sent
union all
select
    concat(coalesce(sent.message_kind, 'message_'), '_', coalesce(lower(reactions.kind), '')) as touch_kind,
    reactions._source_system as source_system, reactions.event_id as interaction_id, sent.record_key,
    sent.campaign_id as campaign_ref, coalesce(reactions.occurred_at, sent.sent_at) as occurred_at,
    reactions.first_known_at as known_at
from reactions
left join sent on reactions._source_system = sent.source_system and reactions.send_id = sent.send_id
where not reactions._is_deleted and not coalesce(reactions.is_machine, false)
