-- Every interaction of a person or an anonymous visitor with us, web visits included, with the channel
-- the rules of its day give it. A kind no row of touch_kind names stays, with use `none`, and is alarmed.
with sessions as (select * from {{ ref('int_web__sessions') }}),

interactions as (select * from {{ ref('int_touchpoints__interactions') }}),

persons as (select * from {{ ref('int_identity__person_records') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

signals as (select * from {{ ref('int_channels__signals') }}),

kinds as (select * from {{ ref('touch_kind') }}),

touchpoints as (
    select
        session_key as touchpoint_key, 'web_session' as touch_kind, source_system,
        {{ surrogate_key(["'web_visitor'", "source_system", "anonymous_id"]) }} as record_key,
        anonymous_id, null as direction, started_at as occurred_at, first_known_at as known_at,
        utm_campaign as campaign_ref, utm_source, utm_medium, utm_campaign, click_id_type, referrer
    from sessions
    union all
    select
        touchpoint_key, touch_kind, source_system, record_key, null as anonymous_id, direction,
        occurred_at, known_at, campaign_ref, utm_source, utm_medium, utm_campaign, click_id_type, referrer
    from interactions
),

dated as (
    select
        *,
        {{ business_date("coalesce(occurred_at, known_at)") }} as occurred_date,
        -- A lead's bare creation came through the channel of the lead.
        case when touch_kind = 'lead_created' then record_key end as lead_record_key,
        {{ channel_signal_key(
            utm_source="utm_source", utm_medium="utm_medium", utm_campaign="utm_campaign",
            click_id_type="click_id_type", referrer="referrer", touch_kind="touch_kind"
        ) }} as channel_signal_key
    from touchpoints
)

select
    dated.touchpoint_key,
    dated.touch_kind,
    dated.source_system,
    dated.record_key,
    persons.person_key,
    dated.anonymous_id,
    dated.occurred_at,
    dated.known_at,
    dated.campaign_ref,
    coalesce(leads.channel, signals.channel) as channel,
    coalesce(leads.platform, signals.platform) as platform,
    signals.channel_rule_version,
    coalesce(dated.direction, kinds.direction, 'outbound') as direction,
    coalesce(kinds.touch_use, 'none') as touch_use,
    coalesce(kinds.is_human_act, false) as is_human_act,
    kinds.touch_kind is not null as is_known_kind
from dated
left join signals
    on dated.channel_signal_key = signals.channel_signal_key and {{ in_force('signals', 'dated.occurred_date') }}
left join kinds on dated.touch_kind = kinds.touch_kind and {{ in_force('kinds', 'dated.occurred_date') }}
left join persons on dated.record_key = persons.record_key
left join leads on dated.lead_record_key = leads.record_key
where coalesce(kinds.touch_use, 'none') <> 'excluded'
