-- Months until the cash of a cohort, times the margin, has paid its cost back for good (L06): refunds later
-- than that did not take it below. A cohort that is not there is censored: NULL, with the months watched.
with roi as (select * from {{ ref('mart_channel_roi') }} where revenue_basis = 'cash'),

credits as (select * from {{ ref('fct_revenue_credit') }} where revenue_basis = 'cash'),

verdicts as (select * from {{ ref('ratio_status') }} where {{ in_force_now() }}),

as_of as (select {{ business_month("as_of") }} as as_of_month from {{ ref('int_time__as_of') }}),

months as (
    select
        attribution_model,
        channel,
        cohort_month,
        {{ months_between("cohort_month", "document_date") }} as month_number,
        sum(amount_minor) as cash_minor
    from credits
    group by attribution_model, channel, cohort_month, {{ months_between("cohort_month", "document_date") }}
),

running as (
    select
        *,
        sum(cash_minor) over (
            partition by attribution_model, channel, cohort_month order by month_number asc nulls last
            rows between unbounded preceding and current row
        ) * {{ policy('channel_roi', 'margin_percent') }} as margin_hundredths
    from months
),

lasting as (
    select
        *,
        min(margin_hundredths) over (
            partition by attribution_model, channel, cohort_month order by month_number asc nulls last
            rows between current row and unbounded following
        ) as lowest_hundredths
    from running
),

reached as (
    select
        lasting.attribution_model,
        lasting.channel,
        lasting.cohort_month,
        -- Cash may come before the month its cohort is counted in; it pays back no earlier than month 0.
        min(case when lasting.lowest_hundredths >= roi.cost_minor * 100 then greatest(lasting.month_number, 0) end)
            as payback_months,
        max(lasting.margin_hundredths) >= max(roi.cost_minor) * 100 as was_reached
    from lasting
    inner join roi
        on
            lasting.attribution_model = roi.attribution_model
            and lasting.channel = roi.channel
            and lasting.cohort_month = roi.cohort_month
    where roi.cost_minor > 0
    group by lasting.attribution_model, lasting.channel, lasting.cohort_month
),

judged as (
    select
        roi.*,
        reached.payback_months,
        {{ months_between("roi.cohort_month", "as_of.as_of_month") }} as observed_months,
        case
            when roi.cost_minor is null or roi.revenue_minor is null then 'not_computable'
            when roi.cost_minor <= 0 then 'no_spend'
            when reached.payback_months is null and reached.was_reached then 'refunded'
            when reached.payback_months is null then 'not_reached'
            else 'ok'
        end as payback_status
    from roi
    left join reached
        on
            roi.attribution_model = reached.attribution_model
            and roi.channel = reached.channel
            and roi.cohort_month = reached.cohort_month
    cross join as_of
)

select
    judged.channel_roi_key as channel_payback_key,
    judged.attribution_model,
    judged.channel,
    judged.cohort_month,
    judged.currency,
    judged.cost_minor,
    judged.revenue_minor as cash_minor,
    cast(judged.payback_months as integer) as payback_months,
    cast(judged.observed_months as integer) as observed_months,
    judged.payback_status in ('not_reached', 'refunded') as is_censored,
    judged.payback_status as ratio_status,
    verdicts.verdict_en,
    verdicts.verdict_zh
from judged
left join verdicts on judged.payback_status = verdicts.ratio_status
