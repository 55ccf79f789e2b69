-- The caps of both groups in each period in which neither changes.
with groups as (
    select
        score_group,
        cap_points,
        {{ to_utc("cast(valid_from as timestamp)", var('business_timezone')) }} as rule_from,
        coalesce(
            {{ to_utc("cast(valid_to as timestamp)", var('business_timezone')) }},
            timestamp '9999-12-31 00:00:00'
        ) as rule_to
    from {{ ref('score_group') }}
),

instants as (
    select rule_from as valid_from from groups
    union
    select rule_to as valid_from from groups where rule_to < timestamp '9999-12-31 00:00:00'
),

periods as (
    select valid_from, lead(valid_from) over (order by valid_from asc nulls last) as valid_to
    from instants
)

select
    periods.valid_from,
    periods.valid_to,
    max(groups.cap_points) filter (where groups.score_group = 'behaviour') as behaviour_cap,
    max(groups.cap_points) filter (where groups.score_group = 'attribute') as attribute_cap
from periods
left join groups on periods.valid_from >= groups.rule_from and periods.valid_from < groups.rule_to
group by periods.valid_from, periods.valid_to
