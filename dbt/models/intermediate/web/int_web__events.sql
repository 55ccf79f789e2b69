-- One row per web event, robots left out and told apart by the source's own flag.
with deliveries as (select * from {{ ref('stg_web__events') }}),

events as (
    {{ latest_version('deliveries', ['_source_system', 'event_id'], ['received_at']) }}
),

gaps as (
    select
        *,
        case
            when
                {{ seconds_between(
                    "lag(occurred_at) over (partition by _source_system, anonymous_id order by occurred_at asc nulls last, event_id asc nulls last)",
                    "occurred_at"
                ) }} <= {{ policy('web', 'session_gap_minutes') }} * 60
                then 0
            else 1
        end as starts_gap_session
    from events
    where not coalesce(is_bot, false) and not _is_deleted
)

select
    {{ surrogate_key(["_source_system", "event_id"]) }} as web_event_key,
    _source_system as source_system,
    event_id,
    anonymous_id,
    -- The source's session where it has one, else 30 minutes of silence end a session.
    coalesce(
        session_id,
        concat('gap-', anonymous_id, '-', cast(
            sum(starts_gap_session) over (
                partition by _source_system, anonymous_id
                order by occurred_at asc nulls last, event_id asc nulls last
                rows between unbounded preceding and current row
            ) as {{ dbt.type_string() }}
        ))
    ) as session_id,
    lower(event_name) as event_name,
    occurred_at,
    first_known_at,
    coalesce(asset_id, page_path, event_id) as asset_ref,
    page_path,
    referrer,
    lower(utm_source) as utm_source,
    lower(utm_medium) as utm_medium,
    utm_campaign,
    utm_term,
    case
        when gclid is not null then 'gclid'
        when gbraid is not null then 'gbraid'
        when wbraid is not null then 'wbraid'
        when msclkid is not null then 'msclkid'
        when bd_vid is not null then 'bd_vid'
        when qz_gdt is not null then 'qz_gdt'
        when clickid is not null then 'clickid'
        when li_fat_id is not null then 'li_fat_id'
    end as click_id_type
from gaps
