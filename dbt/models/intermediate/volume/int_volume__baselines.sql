-- Median and median absolute deviation of the days of the same kind before each span, none of which it
-- holds itself: what burst or broke before hardly moves them.
with spans as (select * from {{ ref('int_volume__spans') }}),

pairs as (
    select
        spans.volume_check, spans.volume_series, spans.channel, spans.baseline, spans.day_number,
        earlier.stable_count
    from spans
    inner join spans as earlier
        on
            spans.volume_check = earlier.volume_check
            and spans.volume_series = earlier.volume_series
            and spans.channel = earlier.channel
            and spans.baseline = earlier.baseline
            and spans.day_number - spans.span_days >= earlier.day_number
            and spans.day_number - spans.span_days - spans.baseline_days < earlier.day_number
),

medians as (
    select
        volume_check, volume_series, channel, baseline, day_number,
        count(*) as n_baseline,
        median(stable_count) as median_count
    from pairs
    group by volume_check, volume_series, channel, baseline, day_number
)

select
    medians.volume_check, medians.volume_series, medians.channel, medians.baseline, medians.day_number,
    medians.n_baseline,
    medians.median_count,
    median(abs(pairs.stable_count - medians.median_count)) as mad_count
from medians
inner join pairs
    on
        medians.volume_check = pairs.volume_check
        and medians.volume_series = pairs.volume_series
        and medians.channel = pairs.channel
        and medians.baseline = pairs.baseline
        and medians.day_number = pairs.day_number
group by
    medians.volume_check, medians.volume_series, medians.channel, medians.baseline, medians.day_number,
    medians.n_baseline, medians.median_count
