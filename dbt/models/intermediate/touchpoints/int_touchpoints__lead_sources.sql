-- Original, creation and latest source of each lead in each period of knowledge: the first touch of its
-- person, the touch that created it, the last touch. A change says why: data that came late, a later
-- touch, or identity.
with pairs as (
    select lead_key, touchpoint_key, valid_from as known_from, valid_to as known_to
    from {{ ref('int_touchpoints__lead_touches') }}
),

touchpoints as (select * from {{ ref('int_touchpoints__unified') }}),

leads as (select lead_key, created_at from {{ ref('int_leads__leads') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

epochs as ({{ knowledge_epochs(['pairs'], 'lead_key') }}),

-- Places are texts that sort: instants of one length, ties by use (a bare creation last), then key.
candidates as (
    select
        pairs.*,
        concat(
            cast(touchpoints.occurred_at as {{ dbt.type_string() }}),
            case when touchpoints.touch_use = 'fallback' then '|2|' else '|1|' end, pairs.touchpoint_key
        ) as first_place,
        concat(
            cast(touchpoints.occurred_at as {{ dbt.type_string() }}),
            case when touchpoints.touch_use = 'fallback' then '|1|' else '|2|' end, pairs.touchpoint_key
        ) as last_place,
        touchpoints.touch_use,
        touchpoints.occurred_at <= as_of.as_of as has_happened,
        {{ seconds_between("touchpoints.occurred_at", "leads.created_at") }} as seconds_before_lead
    from pairs
    inner join touchpoints on pairs.touchpoint_key = touchpoints.touchpoint_key
    inner join leads on pairs.lead_key = leads.lead_key
    cross join as_of
),

held as (
    select
        epochs.lead_key,
        epochs.known_from,
        min_by(candidates.touchpoint_key, candidates.first_place) as original,
        max_by(candidates.touchpoint_key, concat(
            case when candidates.touch_use = 'fallback' then '1|' else '2|' end, candidates.last_place
        )) filter (
            where candidates.seconds_before_lead >= -60 * {{ policy('capture', 'clock_skew_minutes') }}
            and candidates.seconds_before_lead <= 60 * {{ policy('source', 'creation_minutes') }}
        ) as creation,
        max_by(candidates.touchpoint_key, candidates.last_place) filter (
            where candidates.has_happened
        ) as latest
    from epochs
    inner join candidates
        on
            epochs.lead_key = candidates.lead_key
            and epochs.known_from >= candidates.known_from
            and epochs.known_from < coalesce(candidates.known_to, timestamp '9999-12-31 00:00:00')
    group by epochs.lead_key, epochs.known_from
),

kinds as (
    {% for kind in ["original", "creation", "latest"] -%}
    select lead_key, '{{ kind }}' as source_kind, known_from, {{ kind }} as touchpoint_key from held
    {{ "union all" if not loop.last }}
    {% endfor -%}
),

changed as (
    select
        *,
        lag(touchpoint_key) over (
            partition by lead_key, source_kind order by known_from asc nulls last
        ) as previous_touchpoint_key,
        row_number() over (partition by lead_key, source_kind order by known_from asc nulls last) as place
    from kinds
    where touchpoint_key is not null
)

select
    lead_key,
    source_kind,
    touchpoint_key,
    previous_touchpoint_key,
    known_from,
    lead(known_from) over (partition by lead_key, source_kind order by known_from asc nulls last) as known_to,
    row_number() over (partition by lead_key, source_kind order by known_from asc nulls last) as change_number
from changed
where place = 1 or touchpoint_key <> previous_touchpoint_key
