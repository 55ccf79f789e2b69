-- Cohort view: cost of the service month against the cash, so far, of the enquiries created in it.
-- FULL OUTER by construction: a channel with spend and no cash stays, and so does cash without
-- spend. A measure whose extract is absent is NULL with ratio_status not_computable.
with cash_cells as (select * from {{ ref('int_attribution__cash_cells') }}),

costs as (select * from {{ ref('fct_cost') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

models as (
    select * from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

cost_cells as (
    select channel, service_month as cohort_month, sum(amount_minor) as cost_minor
    from costs
    group by channel, service_month
),

enquiry_cells as (
    select
        channel,
        cohort_month,
        count(*) as n_leads,
        count(reached_mql_at) as n_mqls,
        count(reached_sql_at) as n_sqls,
        count(reached_account_at) as n_wins
    from enquiries
    group by channel, cohort_month
),

cells as (
    select attribution_model, channel, cohort_month from cash_cells
    union
    select models.attribution_model, cost_cells.channel, cost_cells.cohort_month
    from cost_cells cross join models
    union
    select models.attribution_model, enquiry_cells.channel, enquiry_cells.cohort_month
    from enquiry_cells cross join models
),

measured as (
    select
        cells.attribution_model,
        cells.channel,
        cells.cohort_month,
        case when presence.has_cost then coalesce(cost_cells.cost_minor, 0) end as cost_minor,
        case when presence.has_cash then coalesce(cash_cells.cash_minor, 0) end as cash_minor,
        coalesce(cash_cells.win_credit_micro, 0) as win_credit_micro,
        coalesce(enquiry_cells.n_leads, 0) as n_leads,
        coalesce(enquiry_cells.n_mqls, 0) as n_mqls,
        coalesce(enquiry_cells.n_sqls, 0) as n_sqls,
        case when presence.has_wins then coalesce(enquiry_cells.n_wins, 0) end as n_wins,
        presence.has_cost and presence.has_cash as is_computable,
        -- Counted from the end of the month: its youngest member is old enough.
        {{ seconds_between(
            "cast(cells.cohort_month as timestamp) + interval '1' month", "as_of.as_of"
        ) }} >= {{ policy('channel_roi', 'maturity_days') }} * 86400 as is_mature
    from cells
    cross join presence
    cross join as_of
    left join cash_cells
        on
            cells.attribution_model = cash_cells.attribution_model
            and cells.channel = cash_cells.channel
            and cells.cohort_month = cash_cells.cohort_month
    left join cost_cells
        on cells.channel = cost_cells.channel and cells.cohort_month = cost_cells.cohort_month
    left join enquiry_cells
        on cells.channel = enquiry_cells.channel and cells.cohort_month = enquiry_cells.cohort_month
)

select
    {{ surrogate_key(["attribution_model", "channel", "cohort_month"]) }} as channel_roi_key,
    attribution_model,
    'cash' as revenue_basis,
    channel,
    cohort_month,
    '{{ var("reporting_currency") }}' as currency,
    cast(cost_minor as bigint) as cost_minor,
    cast(cash_minor as bigint) as cash_minor,
    cast(win_credit_micro as bigint) as win_credit_micro,
    n_leads,
    n_mqls,
    n_sqls,
    n_wins,
    {{ ratio("cost_minor", "n_leads", "cost_minor > 0") }} as cost_per_lead_minor,
    {{ ratio("cost_minor", "n_wins", "cost_minor > 0") }} as cost_per_win_minor,
    {{ ratio("cash_minor", "cost_minor", "cost_minor > 0 and is_mature") }} as roas,
    {{ ratio("(cash_minor - cost_minor)", "cost_minor", "cost_minor > 0 and is_mature") }} as roi,
    is_mature,
    case
        when not is_computable then 'not_computable'
        when cost_minor <= 0 then 'no_spend'
        when not is_mature then 'immature'
        when cash_minor = 0 then 'no_cash'
        when n_leads < {{ policy('channel_roi', 'small_n_leads') }} then 'small_n'
        else 'ok'
    end as ratio_status
from measured
