-- The score over the days before each win: a mean weighted by time over [win - n days, win), clipped
-- at the lead's creation. Microseconds x points are integers, so no order of rows changes the mean.
-- Every win is there in both modes, also one that nobody had scored before.
{% set window_seconds = "(-86400 * " ~ policy('prewin', 'window_days') ~ ")" -%}
with wins as (select * from {{ ref('fct_lead_stage_interval') }} where stage = 'account'),

scores as (
    select 'now' as knowledge, lead_key, valid_from, valid_to, total_points
    from {{ ref('int_scoring__intervals') }}
    union all
    select 'then' as knowledge, lead_key, valid_from, valid_to, total_points
    from {{ ref('int_scoring__intervals_then') }}
),

starts as (
    select knowledge, lead_key, min(valid_from) as scored_from
    from scores
    group by knowledge, lead_key
),

modes as (
    select 'now' as knowledge
    union all
    select 'then' as knowledge
),

windows as (
    select
        wins.stage_interval_key,
        wins.lead_key,
        wins.entered_at as won_at,
        modes.knowledge,
        {{ seconds_later("wins.entered_at", window_seconds) }} as nominal_from,
        greatest({{ seconds_later("wins.entered_at", window_seconds) }}, starts.scored_from) as window_from
    from wins
    cross join modes
    left join starts on wins.lead_key = starts.lead_key and modes.knowledge = starts.knowledge
),

pieces as (
    select
        windows.*,
        scores.total_points,
        scores.valid_from <= windows.nominal_from as is_at_start,
        case
            when scores.lead_key is not null
                then cast(round(1000000 * {{ seconds_between(
                    "greatest(windows.window_from, scores.valid_from)",
                    "least(coalesce(scores.valid_to, windows.won_at), windows.won_at)"
                ) }}) as bigint)
        end as n_micros
    from windows
    left join scores
        on
            windows.lead_key = scores.lead_key
            and windows.knowledge = scores.knowledge
            and windows.won_at > scores.valid_from
            and windows.window_from < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
)

select
    {{ surrogate_key(["stage_interval_key", "knowledge"]) }} as prewin_score_key,
    stage_interval_key,
    lead_key,
    won_at,
    knowledge,
    cast(coalesce(sum(n_micros), 0) as double) / 86400000000 as days_observed,
    case
        when sum(n_micros) > 0 and count(*) = count(total_points)
            then cast(sum(total_points * n_micros) as double) / sum(n_micros)
    end as mean_points,
    -- NULL: the lead did not exist yet.
    max(total_points) filter (where is_at_start) as points_at_window_start,
    case when count(*) = count(total_points) then max(total_points) end as max_points
from pieces
group by stage_interval_key, lead_key, won_at, knowledge
