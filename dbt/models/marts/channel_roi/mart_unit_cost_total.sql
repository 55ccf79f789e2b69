-- Unit costs of every mature month of a channel together. Money of months that gained nothing is in it, which
-- a mean of the readable months leaves out.
with cells as (select * from {{ ref('mart_unit_cost') }} where is_mature),

channels as (select * from {{ ref('dim_channel') }}),

verdicts as (select * from {{ ref('ratio_status') }} where {{ in_force_now() }}),

summed as (
    select
        unit,
        cost_scope,
        channel,
        max(unit_cost_en) as unit_cost_en,
        max(unit_cost_zh) as unit_cost_zh,
        max(currency) as currency,
        min(cohort_month) as first_cohort_month,
        max(cohort_month) as last_cohort_month,
        cast(sum(cost_minor) as bigint) as cost_minor,
        cast(sum(n_units) as bigint) as n_units
    from cells
    group by unit, cost_scope, channel
),

judged as (
    select *, {{ unit_cost_status("cost_minor", "n_units", "true") }} as ratio_status
    from summed
)

select
    {{ surrogate_key(["judged.unit", "judged.cost_scope", "judged.channel"]) }} as unit_cost_total_key,
    judged.unit,
    judged.cost_scope,
    judged.unit_cost_en,
    judged.unit_cost_zh,
    judged.channel,
    channels.label_en as channel_en,
    channels.label_zh as channel_zh,
    judged.first_cohort_month,
    judged.last_cohort_month,
    judged.currency,
    judged.cost_minor,
    judged.n_units,
    {{ ratio("judged.cost_minor", "judged.n_units", "judged.ratio_status = 'ok'") }} as unit_cost_minor,
    {{ ratio("judged.cost_minor", poisson_bound("judged.n_units", "high"), "judged.ratio_status = 'ok'") }}
        as unit_cost_low,
    {{ ratio("judged.cost_minor", poisson_bound("judged.n_units", "low"), "judged.ratio_status = 'ok'") }}
        as unit_cost_high,
    judged.ratio_status,
    verdicts.verdict_en,
    verdicts.verdict_zh
from judged
left join channels on judged.channel = channels.channel
left join verdicts on judged.ratio_status = verdicts.ratio_status
