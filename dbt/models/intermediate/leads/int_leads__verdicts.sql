-- Cleaning verdicts that do not need the other leads; the rule rows say what each one means.
with pattern_hits as (select * from {{ ref('int_leads__pattern_hits') }}),

phone_hits as (select * from {{ ref('int_leads__phone_hits') }}),

deletions as (select * from {{ ref('int_leads__deletions') }}),

rules as (select * from {{ ref('cleaning_rule') }} where {{ in_force_now() }}),

hits as (
    select * from pattern_hits
    union all
    select * from phone_hits
    union all
    select * from deletions
)

select
    hits.lead_key,
    hits.rule_id,
    rules.rule_version,
    rules.verdict,
    rules.severity,
    {{ distinct_sorted_text("hits.evidence", "; ") }} as evidence
from hits
inner join rules on hits.rule_id = rules.rule_id and rules.is_enabled
group by hits.lead_key, hits.rule_id, rules.rule_version, rules.verdict, rules.severity
