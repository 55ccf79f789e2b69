with verdicts as (
    select * from {{ ref('int_leads__verdicts') }}
    union all
    select * from {{ ref('int_leads__duplicate_verdicts') }}
)

select
    {{ surrogate_key(["lead_key", "rule_id", "rule_version"]) }} as verdict_key,
    lead_key,
    rule_id,
    rule_version,
    verdict,
    severity,
    evidence
from verdicts
