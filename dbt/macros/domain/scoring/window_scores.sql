{#
  The score over the days before each moment: a mean weighted by time over [moment - n days, moment), clipped
  where the lead's score begins. Microseconds x points are integers, so no order of rows changes the mean.
    moments  name of a CTE: moment_key, lead_key, ends_at
    scores   name of a CTE: score_kind, lead_key, valid_from, valid_to, total_points
  Gives moment_key, score_kind, days_observed, mean_points, points_at_window_start (NULL: the lead did not exist
  yet), max_points.
#}
{% macro window_scores(moments, scores) -%}
{%- set window_seconds = "(-86400 * " ~ policy('prewin', 'window_days') ~ ")" -%}
with starts as (
    select score_kind, lead_key, min(valid_from) as scored_from
    from {{ scores }}
    group by score_kind, lead_key
),

windows as (
    select
        happened.moment_key,
        happened.lead_key,
        happened.ends_at,
        starts.score_kind,
        {{ seconds_later("happened.ends_at", window_seconds) }} as nominal_from,
        greatest({{ seconds_later("happened.ends_at", window_seconds) }}, starts.scored_from) as window_from
    from {{ moments }} as happened
    inner join starts on happened.lead_key = starts.lead_key
),

pieces as (
    select
        windows.moment_key,
        windows.score_kind,
        scored.total_points,
        scored.valid_from <= windows.nominal_from as is_at_start,
        cast(round(1000000 * {{ seconds_between(
            "greatest(windows.window_from, scored.valid_from)",
            "least(coalesce(scored.valid_to, windows.ends_at), windows.ends_at)"
        ) }}) as bigint) as n_micros
    from windows
    inner join {{ scores }} as scored
        on
            windows.lead_key = scored.lead_key
            and windows.score_kind = scored.score_kind
            and windows.ends_at > scored.valid_from
            and windows.window_from < coalesce(scored.valid_to, timestamp '9999-12-31 00:00:00')
)

select
    moment_key,
    score_kind,
    cast(sum(n_micros) as double) / 86400000000 as days_observed,
    case
        when sum(n_micros) > 0 and count(*) = count(total_points)
            then cast(sum(total_points * n_micros) as double) / sum(n_micros)
    end as mean_points,
    max(total_points) filter (where is_at_start) as points_at_window_start,
    case when count(*) = count(total_points) then max(total_points) end as max_points
from pieces
group by moment_key, score_kind
{%- endmacro %}
