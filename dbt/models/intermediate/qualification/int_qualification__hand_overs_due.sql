-- The first instant at which a rule of a set held for a lead, and by which rule.
with evaluated as (select * from {{ ref('int_qualification__evaluated_leads') }}),

rules as (
    select distinct stage, rule_set_number, rule_id, rule_version, rule_priority
    from {{ ref('int_qualification__set_conditions') }}
),

rule_periods as (select * from {{ ref('int_qualification__rule_periods') }})

select
    evaluated.lead_key,
    evaluated.stage,
    evaluated.rule_set_number,
    rules.rule_id,
    rule_periods.predicates,
    greatest(rule_periods.valid_from, evaluated.evaluated_from) as held_from
from evaluated
inner join rule_periods on evaluated.lead_key = rule_periods.lead_key
inner join rules
    on
        evaluated.stage = rules.stage
        and evaluated.rule_set_number = rules.rule_set_number
        and rule_periods.rule_id = rules.rule_id
        and rule_periods.rule_version = rules.rule_version
        and evaluated.evaluated_before > rule_periods.valid_from
        and evaluated.evaluated_from < coalesce(rule_periods.valid_to, timestamp '9999-12-31 00:00:00')
qualify
    row_number() over (
        partition by evaluated.lead_key, evaluated.stage, evaluated.rule_set_number
        order by
            greatest(rule_periods.valid_from, evaluated.evaluated_from) asc nulls last,
            rules.rule_priority asc nulls last, rules.rule_id asc nulls last,
            rule_periods.valid_from asc nulls last
    ) = 1
