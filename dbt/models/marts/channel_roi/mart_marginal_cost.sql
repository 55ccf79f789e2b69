-- What one more lead costs when a channel spends more (A11): the leads that came with the money a bin of
-- weeks spent above a lower bin. An association of weeks, not an experiment.
with measured as (select * from {{ ref('int_cost__spend_slopes') }}),

verdicts as (select * from {{ ref('ratio_status') }} where {{ in_force_now() }}),

tested as (
    select
        *,
        -- Even at best one more lead costs this many times the average one.
        coalesce(
            n_weeks_total >= {{ policy('channel_roi', 'small_n_weeks') }}
            and slope_high * average_cost * {{ policy('channel_roi', 'saturation_factor') }} < 1,
            false
        ) as is_saturated
    from measured
),

judged as (
    select
        *,
        case
            when n_weeks_total < {{ policy('channel_roi', 'small_n_weeks') }} then 'small_n_weeks'
            when is_saturated then 'saturated'
            when fitted_slope is null then 'lowest_bin'
            when fitted_slope <= 0 then 'flat'
            else 'ok'
        end as ratio_status
    from tested
)

select
    {{ surrogate_key(["judged.channel", "judged.spend_bin"]) }} as marginal_cost_key,
    judged.channel,
    cast(judged.spend_bin as integer) as spend_bin,
    '{{ var("reporting_currency") }}' as currency,
    judged.n_weeks,
    cast(judged.n_leads as bigint) as n_leads,
    judged.mean_spend as mean_week_spend_minor,
    judged.mean_leads as mean_week_leads,
    judged.average_cost as average_cost_minor,
    {{ ratio("1", "judged.slope", "judged.slope > 0 and judged.ratio_status <> 'small_n_weeks'") }} as step_cost_minor,
    {{ ratio("1", "judged.slope_high", "judged.slope_high > 0 and judged.ratio_status <> 'small_n_weeks'") }}
        as step_cost_low,
    {{ ratio("1", "judged.slope_low", "judged.slope_low > 0 and judged.ratio_status <> 'small_n_weeks'") }}
        as step_cost_high,
    {{ ratio("1", "judged.fitted_slope", "judged.fitted_slope > 0 and judged.ratio_status <> 'small_n_weeks'") }}
        as marginal_cost_minor,
    judged.is_saturated,
    judged.ratio_status,
    verdicts.verdict_en,
    verdicts.verdict_zh
from judged
left join verdicts on judged.ratio_status = verdicts.ratio_status
