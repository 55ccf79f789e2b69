-- Every day's volume beside what days of the same kind usually bring, and whether it is out of line.
with spans as (select * from {{ ref('int_volume__spans') }}),

baselines as (select * from {{ ref('int_volume__baselines') }}),

statuses as (select * from {{ ref('scorecard_status') }} where {{ in_force_now() }}),

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
        end as z_score,
        -- What a day without any would score.
        (2 * sqrt(0.375) - baselines.median_count) / greatest(1.4826 * baselines.mad_count, 1.0) as stop_score
    from spans
    left join baselines
        on
            spans.volume_check = baselines.volume_check
            and spans.volume_series = baselines.volume_series
            and spans.channel = baselines.channel
            and spans.baseline = baselines.baseline
            and spans.day_number = baselines.day_number
),

judged as (
    select
        *,
        case
            when z_score is null then 'not_enough_data'
            when stop_score >= -z_limit then 'too_few_to_see_a_stop'
            else 'ok'
        end as check_status
    from scored
)

select
    {{ surrogate_key(["judged.volume_check", "judged.volume_series", "judged.channel", "judged.date_day"]) }}
        as volume_anomaly_key,
    judged.volume_check,
    judged.volume_series,
    judged.channel,
    judged.date_day,
    judged.day_type,
    cast(judged.span_days as integer) as span_days,
    judged.n_events,
    coalesce(judged.n_baseline, 0) as n_baseline,
    round(judged.median_count * judged.median_count / 4 - 0.375, 6) as usual_events,
    round(judged.z_score, 6) as z_score,
    abs(judged.z_score) > judged.z_limit as is_anomaly,
    case
        when judged.z_score < -judged.z_limit then 'drop'
        when judged.z_score > judged.z_limit then 'surge'
    end as anomaly_kind,
    judged.check_status,
    statuses.verdict_en,
    statuses.verdict_zh
from judged
left join statuses on judged.check_status = statuses.status
