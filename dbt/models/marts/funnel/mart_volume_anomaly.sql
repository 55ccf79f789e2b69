-- Every day's volume beside what days of the same kind usually bring, and whether it is out of line.
with spans as (select * from {{ ref('int_volume__spans') }}),

baselines as (select * from {{ ref('int_volume__baselines') }}),

scored as (
    select
        spans.*,
        baselines.n_baseline,
        baselines.median_count,
        -- Counts on this scale have a standard deviation of about 1: less is chance.
        case
            when baselines.n_baseline >= spans.min_baseline_days
                then
                    (spans.stable_count - baselines.median_count)
                    / greatest(1.4826 * baselines.mad_count, 1.0)
        end as z_score
    from spans
    left join baselines
        on
            spans.volume_check = baselines.volume_check
            and spans.volume_series = baselines.volume_series
            and spans.channel = baselines.channel
            and spans.baseline = baselines.baseline
            and spans.day_number = baselines.day_number
)

select
    {{ surrogate_key(["volume_check", "volume_series", "channel", "date_day"]) }} as volume_anomaly_key,
    volume_check,
    volume_series,
    channel,
    date_day,
    day_type,
    cast(span_days as integer) as span_days,
    n_events,
    coalesce(n_baseline, 0) as n_baseline,
    round(median_count * median_count / 4 - 0.375, 6) as usual_events,
    round(z_score, 6) as z_score,
    abs(z_score) > z_limit as is_anomaly,
    case when z_score < -z_limit then 'drop' when z_score > z_limit then 'surge' end as anomaly_kind,
    case when z_score is null then 'not_enough_data' else 'ok' end as check_status
from scored
