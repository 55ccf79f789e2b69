-- The two processes of one lead: market to lead (MTL) ends, and lead to cash (LTC) begins, the instant
-- the lead is sales qualified (F21). LTC ends with the first cash, not with the win (X9).
with leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome <> 'exclude'),

reached as (select * from {{ ref('int_funnel__reached') }}),

deals as (select * from {{ ref('fct_lead_to_cash') }} where lead_key is not null),

money as (
    select
        lead_key,
        min(won_at) as won_at,
        min(activated_at) as activated_at,
        min(first_cash_at) as first_cash_at,
        count(*) as n_won,
        cast(sum(contract_minor) as bigint) as contract_minor,
        cast(sum(invoiced_minor) as bigint) as invoiced_minor,
        cast(sum(cash_minor) as bigint) as cash_minor
    from deals
    group by lead_key
)

select
    leads.lead_key,
    leads.channel,
    reached.reached_lead_at as mtl_started_at,
    reached.reached_sql_at as mtl_ended_at,
    reached.reached_sql_at as ltc_started_at,
    money.first_cash_at as ltc_ended_at,
    {{ seconds_between("reached.reached_lead_at", "reached.reached_sql_at") }} / 86400 as mtl_days,
    {{ seconds_between("reached.reached_sql_at", "money.first_cash_at") }} / 86400 as ltc_days,
    money.won_at,
    money.activated_at,
    coalesce(cast(money.n_won as integer), 0) as n_won,
    money.contract_minor,
    money.invoiced_minor,
    money.cash_minor
from leads
inner join reached on leads.lead_key = reached.lead_key
left join money on leads.lead_key = money.lead_key
