-- Verdicts of leads that repeat another lead. An excluded lead is excluded, not a duplicate.
with enquiries as (select * from {{ ref('int_leads__enquiries') }}),

rules as (select * from {{ ref('cleaning_rule') }} where valid_to is null)

select
    enquiries.lead_key,
    rules.rule_id,
    rules.rule_version,
    rules.verdict,
    rules.severity,
    enquiries.survivor_lead_key as evidence
from enquiries
inner join rules
    on
        rules.is_enabled
        and rules.rule_id = case when enquiries.is_merged_away then 'merged_lead' else 'duplicate_lead' end
where not enquiries.is_survivor and not enquiries.is_excluded
