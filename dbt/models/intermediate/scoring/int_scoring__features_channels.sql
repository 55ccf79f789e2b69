-- The channel a lead came through, as the version of the lead held at the snapshot has it, or the first.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

deliveries as (select * from {{ ref('stg_crm__leads') }}),

versions as ({{ spoken_periods('deliveries', ['_source_system', 'lead_id'], ['updated_at']) }}),

keyed as (
    select
        {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
        {{ channel_signal_key("lead_source", "utm_source", "utm_medium", "utm_campaign", "click_id_type") }}
            as signal_key,
        {{ business_date("created_at") }} as created_date,
        known_from,
        spoken_to as known_to
    from versions
),

signals as (select * from {{ ref('int_channels__signals') }}),

channels as (select * from {{ ref('channel') }} where {{ in_force_now() }})

select
    snapshots.design,
    snapshots.lead_key,
    snapshots.snapshot_kind,
    coalesce(channels.channel_family, 'other') as channel_family,
    keyed.known_from as known_at
from snapshots
inner join keyed
    on
        snapshots.lead_key = keyed.lead_key
        and snapshots.row_known_at >= keyed.known_from
        and snapshots.row_known_at < coalesce(keyed.known_to, timestamp '9999-12-31 00:00:00')
left join signals
    on keyed.signal_key = signals.channel_signal_key and {{ in_force('signals', 'keyed.created_date') }}
left join channels on signals.channel = channels.channel
