-- A stated source stays when older data comes late; who is whom may move it, and a later touch the latest.
with changes as (select * from {{ ref('fct_lead_source_change') }}),

touchpoints as (select * from {{ ref('fct_touchpoint') }}),

held as (
    select
        lead_key,
        source_kind,
        max_by(touchpoint_key, change_number) filter (where change_cause <> 'late_data') as touchpoint_key,
        max_by(touchpoint_key, change_number) as touchpoint_now_key,
        max(known_at) filter (where change_cause <> 'late_data') as stated_at,
        min(known_at) as first_known_at,
        count(*) filter (where change_cause = 'identity') as n_identity_changes,
        count(*) filter (where change_cause = 'late_data') as n_late_changes
    from changes
    group by lead_key, source_kind
)

select
    {{ surrogate_key(["held.lead_key", "held.source_kind"]) }} as lead_source_key,
    held.lead_key,
    held.source_kind,
    held.touchpoint_key,
    stated.touch_kind,
    stated.channel,
    stated.platform,
    stated.campaign_ref,
    stated.occurred_at as touched_at,
    held.stated_at,
    held.touchpoint_now_key,
    newest.channel as channel_now,
    held.touchpoint_key <> held.touchpoint_now_key as is_other_than_now,
    held.n_identity_changes,
    held.n_late_changes,
    held.first_known_at
from held
inner join touchpoints as stated on held.touchpoint_key = stated.touchpoint_key
inner join touchpoints as newest on held.touchpoint_now_key = newest.touchpoint_key
