-- The score over the days before each win (macros/domain/scoring/window_scores.sql). Every win is there in
-- both modes, also one that nobody had scored before.
with wins as (
    select stage_interval_key as moment_key, lead_key, entered_at as ends_at
    from {{ ref('fct_lead_stage_interval') }}
    where stage = 'account'
),

modes as (
    select 'now' as score_kind
    union all
    select 'then' as score_kind
),

scores as (
    select 'now' as score_kind, lead_key, valid_from, valid_to, total_points
    from {{ ref('int_scoring__intervals') }}
    union all
    select 'then' as score_kind, lead_key, valid_from, valid_to, total_points
    from {{ ref('int_scoring__intervals_then') }}
),

windows as (
    {{ window_scores('wins', 'scores') }}
)

select
    {{ surrogate_key(["wins.moment_key", "modes.score_kind"]) }} as prewin_score_key,
    wins.moment_key as stage_interval_key,
    wins.lead_key,
    wins.ends_at as won_at,
    modes.score_kind as knowledge,
    coalesce(windows.days_observed, 0) as days_observed,
    windows.mean_points,
    windows.points_at_window_start,
    windows.max_points
from wins
cross join modes
left join windows on wins.moment_key = windows.moment_key and modes.score_kind = windows.score_kind
