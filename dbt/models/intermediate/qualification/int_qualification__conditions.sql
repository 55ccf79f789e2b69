-- The conditions of every enabled rule version, with the number each group needs and the days of
-- validity as instants.
with rules as (select * from {{ ref('qualification_rule') }} where is_enabled),

conditions as (select * from {{ ref('qualification_condition') }})

select
    rules.stage,
    rules.rule_id,
    rules.rule_version,
    rules.rule_priority,
    rules.mql_source,
    conditions.group_no,
    conditions.predicate,
    coalesce(conditions.is_negated, false) as is_negated,
    count(*) over (
        partition by rules.rule_id, rules.rule_version, conditions.group_no
    ) as n_needed,
    {{ to_utc("cast(rules.valid_from as timestamp)", var('business_timezone')) }} as rule_from,
    {{ to_utc("cast(rules.valid_to as timestamp)", var('business_timezone')) }} as rule_to
from rules
inner join conditions
    on rules.rule_id = conditions.rule_id and rules.rule_version = conditions.rule_version
