-- The behaviour items of the score, their versions numbered in the order in which they came in force.
with items as (
    select * from {{ ref('score_item') }} where score_group = 'behaviour' and signal_kind = 'web_event'
)

select
    score_item,
    rule_version,
    points,
    repeat_policy,
    case when repeat_policy = 'once' then 1 else max_count end as max_count,
    case when repeat_policy = 'each_later_session' then 1 else 0 end as n_skipped,
    window_days,
    signal,
    valid_from,
    valid_to,
    row_number() over (partition by score_item order by valid_from asc nulls last) as version_number,
    count(*) over (partition by score_item) as n_versions
from items
