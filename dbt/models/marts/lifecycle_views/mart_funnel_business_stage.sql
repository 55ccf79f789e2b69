-- Where everything stands now in the five business stages, and who holds it (F18): open stays of leads,
-- and of customers in the states after the sale.
with stages as (select * from {{ ref('dim_stage') }}),

leads as (select lead_key from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

lead_stays as (
    select intervals.stage, count(*) as n_open
    from {{ ref('fct_lead_stage_interval') }} as intervals
    inner join leads on intervals.lead_key = leads.lead_key
    where intervals.is_open
    group by intervals.stage
),

account_stays as (
    select stage, count(*) as n_open
    from {{ ref('fct_account_stage_interval') }}
    where is_open
    group by stage
)

select
    stages.stage,
    stages.business_stage,
    stages.team,
    stages.path_kind,
    stages.is_enabled,
    stages.label_en,
    stages.label_zh,
    case when stages.path_kind in ('success', 'won', 'detour') then coalesce(lead_stays.n_open, 0) end
        as n_leads_now,
    case when stages.path_kind = 'customer_state' then coalesce(account_stays.n_open, 0) end
        as n_accounts_now
from stages
left join lead_stays on stages.stage = lead_stays.stage
left join account_stays on stages.stage = account_stays.stage
