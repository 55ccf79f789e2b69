-- reached_<stage>_at back-fills skipped stages (the earliest entry at that rank or beyond);
-- <stage>_at is the direct entry. Durations belong to intervals, never to back-filled stages.
with passages as (select * from {{ ref('int_lifecycle__passages') }})

select
    {{ surrogate_key(["lead_key", "passage_number"]) }} as lead_passage_key,
    lead_key,
    passage_number,
    started_at,
    {% for stage in lifecycle_stage_columns() -%}
    {{ stage }}_at,
    reached_{{ stage }}_at,
    {% endfor -%}
    last_mql_at,
    cast(n_mql_visits as integer) as n_mql_visits,
    cast(furthest_rank as integer) as furthest_rank,
    cast(n_regressions as integer) as n_regressions,
    cast(n_skips as integer) as n_skips,
    current_stage,
    current_stage_since,
    closed_at,
    close_reason,
    passage_number = max(passage_number) over (partition by lead_key) as is_current_passage
from passages
