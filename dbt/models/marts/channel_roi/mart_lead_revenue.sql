-- What a lead and an MQL of a cohort brought, within the horizon (L07): per channel and basis, under one
-- model at a time.
with roi as (select * from {{ ref('mart_channel_roi') }}),

judged as (
    select
        *,
        case
            when horizon_minor is null then 'not_computable'
            when not is_mature then 'immature'
            when n_leads = 0 then 'no_units'
            when horizon_minor = 0 then 'no_cash'
            when n_leads < {{ policy('channel_roi', 'small_n_leads') }} then 'small_n'
            else 'ok'
        end as revenue_status
    from roi
)

select
    channel_roi_key as lead_revenue_key,
    attribution_model,
    revenue_basis,
    channel,
    cohort_month,
    currency,
    horizon_minor,
    n_deals,
    n_leads,
    n_mqls,
    {{ ratio("horizon_minor", "n_leads", "revenue_status = 'ok'") }} as revenue_per_lead_minor,
    {{ ratio("horizon_minor", "n_mqls", "revenue_status = 'ok'") }} as revenue_per_mql_minor,
    is_mature,
    revenue_status as ratio_status
from judged
