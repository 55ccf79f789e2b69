-- Leads that can fall into the black hole: those that count, and those left out only because the CRM
-- deleted them, which were there until then.
with leads as (select * from {{ ref('int_leads__leads') }}),

verdicts as (
    select lead_key, rule_id from {{ ref('int_leads__verdicts') }} where verdict = 'exclude'
    union all
    select lead_key, rule_id from {{ ref('int_leads__duplicate_verdicts') }}
),

closings as (select * from {{ ref('int_handoffs__closings') }} where closed_as in ('deleted', 'merged')),

computable as (select * from {{ ref('int_routing__computable') }}),

judged as (
    select lead_key, max(rule_id) as rule_id from verdicts where rule_id <> 'deleted_lead' group by lead_key
),

ends as (
    select lead_key, min(closed_at) as gone_at, min_by(closed_as, closed_at) as gone_as
    from closings
    group by lead_key
)

select leads.lead_key, leads.channel, leads.created_at, ends.gone_at, ends.gone_as
from leads
cross join computable
left join judged on leads.lead_key = judged.lead_key
left join ends on leads.lead_key = ends.lead_key
-- Without any extract of contacts nobody was silent: it is not known.
where judged.lead_key is null and computable.has_contacts
