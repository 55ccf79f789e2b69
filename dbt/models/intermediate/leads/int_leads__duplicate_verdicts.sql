-- Verdicts of leads that repeat another lead: created within the window after an earlier lead of the
-- same person, or merged away in the CRM. The survivor of an enquiry repeats nobody.
with enquiries as (select * from {{ ref('int_leads__enquiries') }} where not is_survivor),

rules as (select * from {{ ref('cleaning_rule') }} where {{ in_force_now() }}),

hits as (
    select lead_key, survivor_lead_key, 'duplicate_lead' as rule_id from enquiries where is_within_window
    union all
    select lead_key, survivor_lead_key, 'merged_lead' as rule_id from enquiries where is_merged_away
)

select
    hits.lead_key,
    hits.rule_id,
    rules.rule_version,
    rules.verdict,
    rules.severity,
    hits.survivor_lead_key as evidence
from hits
inner join rules on hits.rule_id = rules.rule_id and rules.is_enabled
