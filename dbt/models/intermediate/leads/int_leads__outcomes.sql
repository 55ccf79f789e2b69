-- One cleaning outcome per lead: net, duplicate or exclude, with the primary reason. All reasons stay
-- in fct_cleaning_verdict.
with leads as (select * from {{ ref('int_leads__leads') }}),

enquiries as (select * from {{ ref('int_leads__enquiries') }}),

verdicts as (
    select * from {{ ref('int_leads__verdicts') }}
    union all
    select * from {{ ref('int_leads__duplicate_verdicts') }}
),

rules as (select * from {{ ref('cleaning_rule') }} where {{ in_force_now() }}),

reasons as (
    select
        verdicts.lead_key,
        min_by(verdicts.rule_id, rules.rule_priority) filter (where verdicts.verdict = 'exclude')
            as exclude_rule_id,
        min_by(verdicts.rule_id, rules.rule_priority) filter (where verdicts.verdict = 'duplicate')
            as duplicate_rule_id,
        count(*) filter (where verdicts.verdict = 'flag') as n_flags
    from verdicts
    inner join rules on verdicts.rule_id = rules.rule_id
    group by verdicts.lead_key
)

select
    leads.lead_key,
    enquiries.survivor_lead_key,
    case
        when reasons.exclude_rule_id is not null then 'exclude'
        when reasons.duplicate_rule_id is not null then 'duplicate'
        else 'net'
    end as cleaning_outcome,
    coalesce(reasons.exclude_rule_id, reasons.duplicate_rule_id) as primary_rule_id,
    coalesce(reasons.n_flags, 0) as n_flags
from leads
inner join enquiries on leads.lead_key = enquiries.lead_key
left join reasons on leads.lead_key = reasons.lead_key
