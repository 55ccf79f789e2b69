-- Capped sums of the deltas as intervals of constant score. Without the extracts that carry behaviour
-- (visits, and the forms that say whose they are) the score is not computable: NULL, never 0.
with deltas as (select * from {{ ref('int_scoring__deltas') }}),

caps as (
    select
        max(cap_points) filter (where score_group = 'behaviour') as behaviour_cap,
        max(cap_points) filter (where score_group = 'attribute') as attribute_cap
    from {{ ref('score_group') }}
    where {{ in_force_now() }}
),

presence as (
    select
        count(*) filter (
            where is_present and extract_table in ('web_events', 'web_form_submissions')
        ) = 2 as has_behaviour
    from {{ ref('int_quality__extract_presence') }}
),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

steps as (
    select
        lead_key,
        changed_at,
        coalesce(sum(delta) filter (where score_group = 'behaviour'), 0) as behaviour_delta,
        coalesce(sum(delta) filter (where score_group = 'attribute'), 0) as attribute_delta
    from deltas
    cross join as_of
    where changed_at <= as_of.as_of or delta = 0
    group by lead_key, changed_at
),

raw_points as (
    select
        lead_key,
        changed_at,
        sum(behaviour_delta) over history as behaviour_raw,
        sum(attribute_delta) over history as attribute_raw
    from steps
    window history as (
        partition by lead_key order by changed_at asc nulls last
        rows between unbounded preceding and current row
    )
),

capped as (
    select
        raw_points.lead_key,
        raw_points.changed_at,
        case when presence.has_behaviour then cast(raw_points.behaviour_raw as integer) end as behaviour_raw,
        cast(raw_points.attribute_raw as integer) as attribute_raw,
        case
            when presence.has_behaviour
                then cast(least(caps.behaviour_cap, raw_points.behaviour_raw) as integer)
        end as behaviour_points,
        cast(least(caps.attribute_cap, raw_points.attribute_raw) as integer) as attribute_points
    from raw_points
    cross join caps
    cross join presence
),

changes as (
    select *
    from capped
    qualify
        row_number() over (partition by lead_key order by changed_at asc nulls last) = 1
        or behaviour_raw
        is distinct from lag(behaviour_raw) over (partition by lead_key order by changed_at asc nulls last)
        or attribute_raw
        is distinct from lag(attribute_raw) over (partition by lead_key order by changed_at asc nulls last)
)

select
    lead_key,
    changed_at as valid_from,
    lead(changed_at) over (partition by lead_key order by changed_at asc nulls last) as valid_to,
    behaviour_raw,
    attribute_raw,
    behaviour_points,
    attribute_points,
    behaviour_points + attribute_points as total_points
from changes
