-- The conditions of each rule set.
with conditions as (select * from {{ ref('int_qualification__conditions') }}),

rule_sets as (select * from {{ ref('int_qualification__rule_sets') }})

select
    rule_sets.stage,
    rule_sets.rule_set_number,
    rule_sets.rule_versions,
    rule_sets.set_from,
    rule_sets.set_to,
    conditions.rule_id,
    conditions.rule_version,
    conditions.rule_priority,
    conditions.group_no,
    conditions.predicate,
    conditions.is_negated
from rule_sets
inner join conditions
    on
        rule_sets.stage = conditions.stage
        and rule_sets.set_from >= conditions.rule_from
        and rule_sets.set_from < coalesce(conditions.rule_to, timestamp '9999-12-31 00:00:00')
