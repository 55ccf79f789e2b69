-- What the person behind a lead had done by the snapshot, as known then: the lead's and the browsers'
-- person are those of that day of knowledge, later visits, rows and merges are not there. Once per
-- session, asset or occurrence as the repeat policy of the item says.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

leads as (select * from {{ ref('int_leads__leads') }} where record_key is not null),

memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'person'),

visitors as (select * from {{ ref('int_identity__visitors') }}),

events as (select * from {{ ref('int_web__events') }}),

items as (
    select * from {{ ref('score_item') }} where score_group = 'behaviour' and signal_kind = 'web_event'
),

browsers as (
    select
        snapshots.design, snapshots.lead_key, snapshots.snapshot_kind, snapshots.snapshot_at,
        snapshots.snapshot_known_at, visitors.source_system, visitors.anonymous_id
    from snapshots
    inner join leads on snapshots.lead_key = leads.lead_key
    inner join memberships as own
        on
            leads.record_key = own.record_key
            and snapshots.snapshot_known_at >= own.valid_from
            and snapshots.snapshot_known_at < coalesce(own.valid_to, timestamp '9999-12-31 00:00:00')
    inner join memberships as theirs
        on
            own.entity_key = theirs.entity_key
            and snapshots.snapshot_known_at >= theirs.valid_from
            and snapshots.snapshot_known_at < coalesce(theirs.valid_to, timestamp '9999-12-31 00:00:00')
    inner join visitors on theirs.record_key = visitors.record_key
),

visits as (
    select
        browsers.*, events.session_id, events.event_id, events.event_name, events.asset_ref, events.occurred_at,
        events.first_known_at,
        min(events.occurred_at) over (
            partition by
                browsers.design, browsers.lead_key, browsers.snapshot_kind, events.source_system,
                events.anonymous_id, events.session_id
        ) as session_started_at
    from browsers
    inner join events
        on
            browsers.source_system = events.source_system
            and browsers.anonymous_id = events.anonymous_id
            and events.occurred_at <= browsers.snapshot_at
            and events.first_known_at <= browsers.snapshot_known_at
),

numbered as (
    select
        *,
        dense_rank() over (
            partition by design, lead_key, snapshot_kind
            order by
                session_started_at asc nulls last, source_system asc nulls last, anonymous_id asc nulls last,
                session_id asc nulls last
        ) as session_number
    from visits
),

candidates as (
    select
        numbered.design, numbered.lead_key, numbered.snapshot_kind, items.score_item, items.points,
        items.max_count, numbered.occurred_at, numbered.event_id, numbered.first_known_at as known_at,
        case items.repeat_policy
            when 'once' then 'once'
            when 'each_session' then cast(numbered.session_number as {{ dbt.type_string() }})
            when 'each_later_session' then cast(numbered.session_number as {{ dbt.type_string() }})
            when 'each_asset' then numbered.asset_ref
            else numbered.event_id
        end as repeat_key
    from numbered
    inner join items
        on
            items.signal in ('*', numbered.event_name)
            and (items.repeat_policy <> 'each_later_session' or numbered.session_number > 1)
            and {{ in_force('items', business_date('numbered.occurred_at')) }}
)

select *
from candidates
qualify
    row_number() over (
        partition by design, lead_key, snapshot_kind, score_item, repeat_key
        order by occurred_at asc nulls last, event_id asc nulls last
    ) = 1
