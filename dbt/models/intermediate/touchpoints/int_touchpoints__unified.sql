-- Every interaction of a person or an anonymous visitor with us, web visits included.
with sessions as (select * from {{ ref('int_web__sessions') }}),

interactions as (select * from {{ ref('int_touchpoints__interactions') }}),

persons as (select * from {{ ref('int_identity__person_records') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

signals as (select * from {{ ref('int_channels__signals') }}),

kinds as (select * from {{ ref('touch_kind') }} where {{ in_force_now() }}),

touchpoints as (
    select
        session_key as touchpoint_key, 'web_session' as touch_kind, source_system,
        {{ surrogate_key(["'web_visitor'", "source_system", "anonymous_id"]) }} as record_key, person_key,
        anonymous_id, started_at as occurred_at, first_known_at as known_at, utm_campaign as campaign_ref,
        {{ channel_signal_key(
            utm_source="utm_source", utm_medium="utm_medium", click_id_type="click_id_type",
            touch_kind="'web_session'"
        ) }} as channel_signal_key,
        cast(null as {{ dbt.type_string() }}) as lead_channel
    from sessions
    union all
    select
        interactions.touchpoint_key, interactions.touch_kind, interactions.source_system,
        interactions.record_key, persons.person_key, null as anonymous_id, interactions.occurred_at,
        interactions.known_at, interactions.campaign_ref,
        {{ channel_signal_key(
            utm_source="interactions.utm_source", utm_medium="interactions.utm_medium",
            touch_kind="interactions.touch_kind"
        ) }} as channel_signal_key,
        leads.channel as lead_channel
    from interactions
    left join persons on interactions.record_key = persons.record_key
    left join leads
        -- One equality, or the join is a nested loop over all pairs.
        on
            case when interactions.touch_kind = 'lead_created' then interactions.record_key end
            = leads.record_key
)

select
    touchpoints.touchpoint_key,
    touchpoints.touch_kind,
    touchpoints.source_system,
    touchpoints.record_key,
    touchpoints.person_key,
    touchpoints.anonymous_id,
    touchpoints.occurred_at,
    touchpoints.known_at,
    touchpoints.campaign_ref,
    coalesce(touchpoints.lead_channel, signals.channel) as channel,
    coalesce(kinds.direction, 'outbound') as direction,
    coalesce(kinds.touch_use, 'none') as touch_use
from touchpoints
inner join signals on touchpoints.channel_signal_key = signals.channel_signal_key
left join kinds on touchpoints.touch_kind = kinds.touch_kind
