-- Every lead under every set of MQL rules it lived under (F05), with the instant before which it is
-- judged: the end of the set, or just after the as-of instant.
with leads as (select lead_key, created_at from {{ ref('int_leads__leads') }}),

rule_sets as (select * from {{ ref('int_qualification__rule_sets') }} where stage = 'mql'),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    leads.lead_key,
    rule_sets.stage,
    rule_sets.rule_set_number,
    rule_sets.rule_versions,
    greatest(leads.created_at, rule_sets.set_from) as evaluated_from,
    least(rule_sets.set_to, as_of.as_of + interval '1' microsecond) as evaluated_before
from leads
cross join rule_sets
cross join as_of
where
    leads.created_at < least(rule_sets.set_to, as_of.as_of + interval '1' microsecond)
    and rule_sets.set_from <= as_of.as_of
