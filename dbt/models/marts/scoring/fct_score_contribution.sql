with hits as (select * from {{ ref('int_scoring__standing_hits') }}),

attributes as (select * from {{ ref('int_scoring__attribute_periods') }}),

presence as (select * from {{ ref('int_scoring__behaviour_presence') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

caps as (
    select cap_periods.behaviour_cap, cap_periods.attribute_cap
    from {{ ref('int_scoring__cap_periods') }} as cap_periods
    cross join as_of
    where
        cap_periods.valid_from <= as_of.as_of
        and as_of.as_of < coalesce(cap_periods.valid_to, timestamp '9999-12-31 00:00:00')
),

contributions as (
    select
        hits.lead_key, 'behaviour' as score_group, hits.score_item, hits.repeat_key as hit_key, hits.rule_version,
        hits.points, hits.occurred_at, hits.known_at, hits.valid_from, hits.valid_to, hits.is_standing,
        hits.hit_number, hits.is_counted, caps.behaviour_cap as cap_points
    from hits
    cross join caps
    cross join presence
    where presence.computable_from is not null
    union all
    select
        attributes.lead_key, 'attribute' as score_group, attributes.score_item,
        cast(attributes.valid_from as {{ dbt.type_string() }}) as hit_key, attributes.rule_version,
        attributes.points, attributes.valid_from as occurred_at, attributes.known_at,
        attributes.valid_from, attributes.valid_to,
        coalesce(attributes.valid_to > as_of.as_of, true) as is_standing, cast(null as bigint) as hit_number,
        coalesce(attributes.valid_to > as_of.as_of, true) as is_counted, caps.attribute_cap as cap_points
    from attributes
    cross join caps
    cross join as_of
    where attributes.valid_from <= as_of.as_of
),

-- The earliest fill the cap of their group; what comes over it is clipped.
running as (
    select
        *,
        case when is_counted then points else 0 end as item_points,
        sum(case when is_counted then points else 0 end) over (
            partition by lead_key, score_group
            order by
                valid_from asc nulls last, occurred_at asc nulls last, score_item asc nulls last,
                hit_key asc nulls last
            rows between unbounded preceding and current row
        ) as running_points
    from contributions
)

select
    {{ surrogate_key(["lead_key", "score_item", "hit_key", "valid_from"]) }} as score_contribution_key,
    lead_key,
    score_group,
    score_item,
    rule_version,
    occurred_at,
    known_at,
    valid_from,
    valid_to as expires_at,
    is_standing,
    cast(hit_number as integer) as hit_number,
    is_counted,
    points,
    -- A first visit was never worth a repeat visit: nothing is taken from it.
    case when is_standing and not is_counted and hit_number > 0 then points else 0 end as clipped_by_item,
    item_points - (
        least(cap_points, cast(running_points as integer))
        - least(cap_points, cast(running_points as integer) - item_points)
    ) as clipped_by_group,
    least(cap_points, cast(running_points as integer))
    - least(cap_points, cast(running_points as integer) - item_points) as contributed_points
from running
