-- A row is a number of net leads that two marts tell differently (A09).
{{ config(meta={'dagster': {'ref': {'name': 'mart_lead_quality_daily'}}}) }}
with quality as (select coalesce(sum(n_net), 0) as n_net from {{ ref('mart_lead_quality_daily') }}),

funnel as (
    select coalesce(sum(n_entered), 0) as n_entered
    from {{ ref('mart_funnel_cohort') }}
    where from_stage = 'lead' and to_stage = 'account'
),

rejects as (select coalesce(sum(n_leads), 0) as n_rejected from {{ ref('mart_lead_reject_reason_daily') }}),

gross as (select coalesce(sum(n_gross), 0) as n_gross from {{ ref('mart_lead_quality_daily') }})

select quality.n_net
from quality
cross join funnel
cross join rejects
cross join gross
where
    quality.n_net <> funnel.n_entered
    or gross.n_gross <> quality.n_net + rejects.n_rejected
