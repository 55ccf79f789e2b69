-- Leads per extra money of each bin of weeks: against a lower bin, with an interval, and on the fit, which
-- pools slopes of neighbours until they only fall (isotonic regression, min-max formula).
with bins as (select * from {{ ref('int_cost__spend_bins') }}),

totals as (
    select
        channel,
        sum(n_weeks) as n_weeks_total,
        cast(sum(spend_minor) as double) / nullif(sum(n_leads), 0) as average_cost
    from bins
    group by channel
),

steps as (
    select
        *,
        lag(mean_spend) over by_spend as spend_before,
        lag(mean_leads) over by_spend as leads_before
    from bins
    window by_spend as (partition by channel order by spend_bin asc nulls last)
),

-- Slope of every stretch of neighbouring bins.
stretches as (
    select
        first_step.channel,
        first_step.spend_bin as from_bin,
        last_step.spend_bin as to_bin,
        {{ ratio(
            "(last_step.mean_leads - first_step.leads_before)",
            "(last_step.mean_spend - first_step.spend_before)"
        ) }} as slope
    from steps as first_step
    inner join steps as last_step
        on first_step.channel = last_step.channel and first_step.spend_bin <= last_step.spend_bin
    where first_step.spend_before is not null
),

best as (
    select
        channel,
        to_bin as spend_bin,
        max(slope) over (
            partition by channel, from_bin order by to_bin desc nulls last
            rows between unbounded preceding and current row
        ) as best_slope
    from stretches
),

fitted as (
    select channel, spend_bin, min(best_slope) as fitted_slope
    from best
    group by channel, spend_bin
),

-- Against some bins below, not the next one: neighbours differ by less than chance.
aimed as (
    select *, greatest(spend_bin - {{ policy('channel_roi', 'step_bins') }}, 1) as lower_bin
    from bins
),

compared as (
    select
        higher.channel,
        higher.spend_bin,
        higher.mean_leads - lower.mean_leads as leads_more,
        higher.mean_spend - lower.mean_spend as spend_more,
        -- Leads of a week are Poisson, so the mean of n weeks has the variance mean / n.
        sqrt(higher.mean_leads / higher.n_weeks + lower.mean_leads / lower.n_weeks) as leads_error
    from aimed as higher
    inner join bins as lower
        on
            higher.channel = lower.channel
            and higher.lower_bin = lower.spend_bin
            and higher.spend_bin > lower.spend_bin
)

select
    bins.*,
    totals.n_weeks_total,
    totals.average_cost,
    fitted.fitted_slope,
    {{ ratio("compared.leads_more", "compared.spend_more") }} as slope,
    {{ ratio("(compared.leads_more - 1.959963984540054 * compared.leads_error)", "compared.spend_more") }}
        as slope_low,
    {{ ratio("(compared.leads_more + 1.959963984540054 * compared.leads_error)", "compared.spend_more") }}
        as slope_high
from bins
inner join totals on bins.channel = totals.channel
left join fitted on bins.channel = fitted.channel and bins.spend_bin = fitted.spend_bin
left join compared on bins.channel = compared.channel and bins.spend_bin = compared.spend_bin
