-- reached_<stage>_at back-fills skipped stages (the earliest entry at that rank or beyond);
-- <stage>_at is the direct entry. Durations belong to intervals, never to back-filled stages.
with intervals as (select * from {{ ref('fct_lead_stage_interval') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

ranks as (
    select
        max(stage_rank) filter (where stage = 'lead') as lead_rank,
        max(stage_rank) filter (where stage = 'mql') as mql_rank,
        max(stage_rank) filter (where stage = 'sal') as sal_rank,
        max(stage_rank) filter (where stage = 'sql') as sql_rank,
        max(stage_rank) filter (where stage = 'opportunity') as opportunity_rank,
        max(stage_rank) filter (where stage = 'account') as account_rank
    from stages
),

passages as (
    select
        lead_key,
        passage_number,
        min(entered_at) as started_at,
        {% for stage in ["lead", "mql", "sal", "sql", "opportunity", "account"] -%}
        min(entered_at) filter (where stage = '{{ stage }}') as {{ stage }}_at,
        min(entered_at) filter (where stage_rank >= ranks.{{ stage }}_rank) as reached_{{ stage }}_at,
        {% endfor -%}
        max(entered_at) filter (where stage = 'mql') as last_mql_at,
        cast(count(*) filter (where stage = 'mql') as integer) as n_mql_visits,
        cast(max(stage_rank) as integer) as furthest_rank,
        cast(count(*) filter (where move = 'regress') as integer) as n_regressions,
        cast(count(*) filter (where move = 'skip') as integer) as n_skips,
        max_by(stage, stay_number) as current_stage,
        max_by(entered_at, stay_number) as current_stage_since,
        min(entered_at) filter (where path_kind = 'detour') as closed_at,
        min_by(stage, stay_number) filter (where path_kind = 'detour') as close_reason
    from intervals
    cross join ranks
    group by lead_key, passage_number
)

select
    {{ surrogate_key(["lead_key", "passage_number"]) }} as lead_passage_key,
    *,
    passage_number = max(passage_number) over (partition by lead_key) as is_current_passage
from passages
