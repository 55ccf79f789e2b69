-- Every figure of every win beside the same figure of the leads it is compared with. auc: the share of those
-- that the winner outscores 30 days ahead, ties half, to be held against one half.
with scores as (select * from {{ ref('int_questions__moment_scores') }}),

touches as (select * from {{ ref('int_questions__moment_touches') }}),

figures as (
    select win_key, moment_kind, score_kind, 'mean_points' as measure, mean_points as figure from scores
    union all
    select
        win_key, moment_kind, score_kind, 'points_at_start' as measure,
        cast(points_at_window_start as double) as figure
    from scores
    union all
    select win_key, moment_kind, score_kind, 'max_points' as measure, cast(max_points as double) as figure from scores
    union all
    select win_key, moment_kind, 'none' as score_kind, 'our_touches' as measure, cast(n_touches as double) as figure
    from touches
),

paired as (
    select
        wins.win_key,
        wins.score_kind,
        wins.measure,
        wins.figure as win_figure,
        controls.figure as control_figure,
        case when wins.figure > controls.figure then 1.0 when wins.figure = controls.figure then 0.5 else 0.0 end
            as is_beaten
    from figures as wins
    inner join figures as controls
        on
            wins.win_key = controls.win_key
            and wins.score_kind = controls.score_kind
            and wins.measure = controls.measure
            and controls.moment_kind = 'control'
    where wins.moment_kind = 'win' and wins.figure is not null and controls.figure is not null
)

select
    win_key,
    score_kind,
    measure,
    count(*) as n_controls,
    max(win_figure) as win_value,
    {{ steady_mean("control_figure") }} as control_value
from paired
group by win_key, score_kind, measure
union all
select
    win_key,
    score_kind,
    'auc' as measure,
    count(*) as n_controls,
    cast(sum(is_beaten) as double) / count(*) as win_value,
    cast(0.5 as double) as control_value
from paired
where measure = 'points_at_start'
group by win_key, score_kind
