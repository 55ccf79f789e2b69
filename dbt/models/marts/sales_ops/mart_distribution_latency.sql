-- The median and the 90th percentile count leads never distributed as later than all others: where
-- half of them still wait the median is not known yet (NULL).
with distributions as (select * from {{ ref('int_routing__mql_distributions') }}),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

computable as (select * from {{ ref('int_routing__computable') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'instant_distribution'),

placed as (
    select
        distributions.*,
        {{ business_month("distributions.entered_at") }} as entered_month,
        leads.channel,
        coalesce(
            not {{ is_beyond("distributions.latency_seconds", limit_seconds("limits"), "limits.boundary") }}, false
        ) as is_instant
    from distributions
    inner join leads on distributions.lead_key = leads.lead_key
    cross join computable
    left join limits on {{ in_force('limits', business_date('distributions.entered_at')) }}
    where computable.has_sides
),

cells as (
    select *, 'total' as dimension, 'all' as dimension_value from placed
    union all
    select *, 'source' as dimension, channel as dimension_value from placed
),

ranked as (
    select
        *,
        row_number() over (
            partition by entered_month, dimension, dimension_value
            order by latency_seconds asc nulls last, lead_key asc nulls last, stay_number asc nulls last
        ) as position,
        count(*) over (partition by entered_month, dimension, dimension_value) as n_of_cell
    from cells
),

counts as (
    select
        entered_month,
        dimension,
        dimension_value,
        count(*) as n_ready,
        count(distributed_at) as n_distributed,
        count(*) filter (where is_instant) as n_instant,
        count(*) filter (where latency_seconds <= 3600) as n_within_hour,
        count(*) filter (where latency_seconds <= 86400) as n_within_day,
        max(case when position = ceil(0.5 * n_of_cell) then latency_seconds end) as p50_seconds,
        max(case when position = ceil(0.9 * n_of_cell) then latency_seconds end) as p90_seconds
    from ranked
    group by entered_month, dimension, dimension_value
)

select
    {{ surrogate_key(["entered_month", "dimension", "dimension_value"]) }} as distribution_latency_key,
    entered_month,
    dimension,
    dimension_value,
    n_ready,
    n_distributed,
    n_ready - n_distributed as n_not_distributed,
    n_instant,
    n_within_hour,
    n_within_day,
    p50_seconds,
    p90_seconds,
    {{ ratio("n_instant", "n_ready") }} as instant_share,
    {{ wilson_bound("n_instant", "n_ready", "low") }} as instant_low,
    {{ wilson_bound("n_instant", "n_ready", "high") }} as instant_high
from counts
