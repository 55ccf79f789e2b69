-- Statements about cleaning rules: whether the rule has a verdict on the lead. A verdict is about the
-- lead as known now and holds since its creation.
with leads as (select lead_key, created_at, first_known_at from {{ ref('int_leads__leads') }}),

verdicts as (select distinct lead_key, rule_id from {{ ref('int_leads__verdicts') }}),

predicates as (
    select * from {{ ref('int_qualification__predicates') }} where signal_kind = 'cleaning_rule'
)

select
    leads.lead_key,
    predicates.predicate,
    case predicates.match_kind
        when 'is_absent' then verdicts.lead_key is null
        when 'is_present' then verdicts.lead_key is not null
    end as is_true,
    greatest(leads.created_at, predicates.rule_from) as valid_from,
    predicates.rule_to as valid_to,
    leads.first_known_at as known_at
from leads
inner join predicates
    on leads.created_at < coalesce(predicates.rule_to, timestamp '9999-12-31 00:00:00')
left join verdicts on leads.lead_key = verdicts.lead_key and predicates.signal = verdicts.rule_id
