-- What the person behind a lead had done by the snapshot, as known then: the browsers, rows and visits
-- are those of that day of knowledge, later ones and later merges are not there. Once per session, asset
-- or occurrence as the repeat policy of the item says; a window forgets.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

lead_visitors as (select * from {{ ref('int_scoring__lead_visitors_then') }}),

events as (select * from {{ ref('int_web__event_periods') }}),

items as (select * from {{ ref('int_scoring__item_versions') }}),

browsers as (
    select
        snapshots.design, snapshots.lead_key, snapshots.snapshot_kind, snapshots.snapshot_at,
        snapshots.snapshot_known_at, lead_visitors.source_system, lead_visitors.anonymous_id,
        lead_visitors.valid_from as tied_at
    from snapshots
    inner join lead_visitors
        on
            snapshots.lead_key = lead_visitors.lead_key
            and snapshots.snapshot_known_at >= lead_visitors.valid_from
            and snapshots.snapshot_known_at < coalesce(lead_visitors.valid_to, timestamp '9999-12-31 00:00:00')
),

happened as (
    select
        browsers.*, events.session_id, events.event_id, events.event_name, events.asset_ref,
        events.occurred_at, greatest(events.known_from, browsers.tied_at) as known_at
    from browsers
    inner join events
        on
            browsers.source_system = events.source_system
            and browsers.anonymous_id = events.anonymous_id
            and browsers.snapshot_at >= events.occurred_at
            and browsers.snapshot_known_at >= events.known_from
            and browsers.snapshot_known_at < coalesce(events.known_to, timestamp '9999-12-31 00:00:00')
),

matched as (
    select
        happened.*, items.score_item, items.points, items.max_count, items.n_skipped,
        case items.repeat_policy
            when 'once' then 'once'
            when 'each_session' then {{ visit_key('happened') }}
            when 'each_later_session' then {{ visit_key('happened') }}
            when 'each_asset' then happened.asset_ref
            else happened.event_id
        end as repeat_key
    from happened
    inner join items
        on
            items.signal in ('*', happened.event_name)
            and {{ in_force('items', business_date('happened.occurred_at')) }}
    where
        items.window_days is null
        or happened.occurred_at + items.window_days * interval '1' day > happened.snapshot_at
),

first_of_each as (
    select *
    from matched
    qualify
        row_number() over (
            partition by design, lead_key, snapshot_kind, score_item, repeat_key
            order by occurred_at asc nulls last, event_id asc nulls last
        ) = 1
)

-- The first visit is no repeat visit: it is skipped, it doesn't use up the cap.
select
    design,
    lead_key,
    snapshot_kind,
    score_item,
    repeat_key,
    points,
    max_count,
    occurred_at,
    event_id,
    known_at,
    row_number() over (
        partition by design, lead_key, snapshot_kind, score_item
        order by occurred_at asc nulls last, event_id asc nulls last
    ) - n_skipped as hit_number
from first_of_each
