-- Shares are over clocks older than their target, so that everybody had the same time; the younger
-- ones and those closed before they were due are counted apart. Leads that cleaning excludes are not in.
with clocks as (select * from {{ ref('fct_sla') }}),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

counts as (
    select
        clocks.policy_id,
        clocks.started_date,
        count(*) as n_clocks,
        count(*) filter (where clocks.status = 'met' and not clocks.is_mature) as n_met_young,
        count(*) filter (where clocks.status = 'pending') as n_pending,
        count(*) filter (where clocks.status = 'censored') as n_censored,
        count(*) filter (where clocks.status in ('beyond_calendar', 'not_computable')) as n_not_computable,
        count(*) filter (where clocks.is_mature and clocks.status = 'met') as n_met,
        count(*) filter (where clocks.is_mature and clocks.status = 'breached') as n_breached,
        count(*) filter (where clocks.is_contacted_before_start) as n_contacted_before_start
    from clocks
    inner join leads on clocks.lead_key = leads.lead_key
    group by clocks.policy_id, clocks.started_date
)

select
    {{ surrogate_key(["policy_id", "started_date"]) }} as sla_daily_key,
    policy_id,
    started_date,
    n_clocks,
    n_met_young,
    n_pending,
    n_censored,
    n_not_computable,
    n_met,
    n_breached,
    n_contacted_before_start,
    {{ ratio("n_met", "(n_met + n_breached)") }} as met_share,
    {{ wilson_bound("n_met", "(n_met + n_breached)", "low") }} as met_low,
    {{ wilson_bound("n_met", "(n_met + n_breached)", "high") }} as met_high
from counts
