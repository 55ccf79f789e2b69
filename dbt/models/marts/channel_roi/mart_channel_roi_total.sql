-- The table to read first: every mature cohort of a channel together, with a sentence. A month alone rarely
-- has enough leads.
with cells as (select * from {{ ref('mart_channel_roi') }} where is_mature),

channels as (select * from {{ ref('dim_channel') }}),

bases as (select * from {{ ref('revenue_basis') }} where {{ in_force_now() }}),

verdicts as (select * from {{ ref('ratio_status') }} where {{ in_force_now() }}),

summed as (
    select
        attribution_model,
        revenue_basis,
        channel,
        max(currency) as currency,
        min(cohort_month) as first_cohort_month,
        max(cohort_month) as last_cohort_month,
        cast(sum(cost_minor) as bigint) as cost_minor,
        cast(sum(media_minor) as bigint) as media_minor,
        cast(sum(people_minor) as bigint) as people_minor,
        cast(sum(horizon_minor) as bigint) as horizon_minor,
        cast(sum(n_deals) as bigint) as n_deals,
        -- Whole squares, so that the sum does not depend on the order of rows.
        sqrt(cast(sum(cast(round(spread_minor * spread_minor) as decimal(38, 0))) as double)) as spread_minor,
        cast(sum(n_leads) as bigint) as n_leads,
        cast(sum(n_wins) as bigint) as n_wins,
        count(*) filter (where ratio_status = 'not_creditable') = 0 as can_earn
    from cells
    group by attribution_model, revenue_basis, channel
),

judged as (
    select
        *,
        {{ roi_status(
            "(horizon_minor is not null)", "cost_minor", "true", "horizon_minor", "n_leads",
            policy('channel_roi', 'small_n_leads'), "can_earn"
        ) }} as ratio_status
    from summed
)

select
    {{ surrogate_key(["judged.attribution_model", "judged.revenue_basis", "judged.channel"]) }}
        as channel_roi_total_key,
    judged.attribution_model,
    judged.revenue_basis,
    bases.label_en as revenue_basis_en,
    bases.label_zh as revenue_basis_zh,
    judged.channel,
    channels.label_en as channel_en,
    channels.label_zh as channel_zh,
    judged.first_cohort_month,
    judged.last_cohort_month,
    judged.currency,
    judged.cost_minor,
    judged.media_minor,
    judged.people_minor,
    judged.horizon_minor,
    judged.n_deals,
    judged.n_leads,
    judged.n_wins,
    {{ ratio("judged.horizon_minor", "judged.cost_minor", "judged.ratio_status = 'ok'") }} as roas,
    {{ ratio(
        "(judged.horizon_minor - judged.cost_minor)", "judged.cost_minor",
        "judged.ratio_status in ('ok', 'no_cash')"
    ) }} as roi,
    {{ roi_bound(
        "judged.horizon_minor", "judged.spread_minor", "judged.cost_minor", "low", "judged.ratio_status"
    ) }} as roi_low,
    {{ roi_bound(
        "judged.horizon_minor", "judged.spread_minor", "judged.cost_minor", "high", "judged.ratio_status"
    ) }} as roi_high,
    -- A channel we pay for whose bills nobody delivered (A02).
    coalesce(
        channels.traffic_group = 'paid' and judged.cost_minor = judged.people_minor and judged.n_leads > 0, false
    ) as is_cost_missing,
    judged.ratio_status,
    verdicts.verdict_en,
    verdicts.verdict_zh
from judged
inner join bases on judged.revenue_basis = bases.revenue_basis
left join channels on judged.channel = channels.channel
left join verdicts on judged.ratio_status = verdicts.ratio_status
