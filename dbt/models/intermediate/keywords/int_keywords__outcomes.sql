-- What each keyword led to: leads, deals, cash. Leads and money of no keyword are one row, so that the
-- parts add up to all there is.
with lead_keywords as (select lead_key, keyword_key from {{ ref('int_keywords__lead_keywords') }}),

leads as (select * from {{ ref('int_leads__outcomes') }}),

lifecycles as (select * from {{ ref('int_funnel__reached') }}),

opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

receipts as (select * from {{ ref('int_cash__receipts') }}),

-- One row per lead, deal and receipt; the lead of a deal may be one that nobody delivered.
facts as (
    select
        leads.lead_key, 1 as n_leads, case when leads.cleaning_outcome = 'net' then 1 else 0 end as n_net_leads,
        case when lifecycles.reached_mql_at is not null then 1 else 0 end as n_mqls,
        case when lifecycles.reached_sql_at is not null then 1 else 0 end as n_sqls,
        0 as n_opportunities, 0 as n_wins, 0 as cash_minor
    from leads
    left join lifecycles on leads.lead_key = lifecycles.lead_key
    union all
    select
        lead_key, 0 as n_leads, 0 as n_net_leads, 0 as n_mqls, 0 as n_sqls, 1 as n_opportunities,
        case when is_won then 1 else 0 end as n_wins, 0 as cash_minor
    from opportunities
    union all
    select
        opportunities.lead_key, 0 as n_leads, 0 as n_net_leads, 0 as n_mqls, 0 as n_sqls, 0 as n_opportunities,
        0 as n_wins, receipts.amount_minor as cash_minor
    from receipts
    left join opportunities on receipts.opportunity_key = opportunities.opportunity_key
)

select
    coalesce(lead_keywords.keyword_key, '(none)') as keyword_key,
    sum(facts.n_leads) as n_leads,
    sum(facts.n_net_leads) as n_net_leads,
    sum(facts.n_mqls) as n_mqls,
    sum(facts.n_sqls) as n_sqls,
    sum(facts.n_opportunities) as n_opportunities,
    sum(facts.n_wins) as n_wins,
    sum(facts.cash_minor) as cash_minor
from facts
left join lead_keywords on facts.lead_key = lead_keywords.lead_key
group by coalesce(lead_keywords.keyword_key, '(none)')
