-- Every rule version in force on the business day of an entry, and whether it held at that instant.
with entries as (select * from {{ ref('int_qualification__entries') }}),

conditions as (select * from {{ ref('int_qualification__conditions') }}),

rule_periods as (select * from {{ ref('int_qualification__rule_periods') }}),

rules as (
    select distinct stage, rule_id, rule_version, rule_priority, mql_source, rule_from, rule_to
    from conditions
)

select
    entries.entry_event_id,
    entries.lead_key,
    entries.stage,
    entries.entered_at,
    rules.rule_id,
    rules.rule_version,
    rules.rule_priority,
    rules.mql_source,
    rule_periods.rule_id is not null as is_held,
    rule_periods.valid_from as held_since,
    rule_periods.known_at
from entries
inner join rules
    on
        entries.stage = rules.stage
        and entries.entered_at >= rules.rule_from
        and entries.entered_at < coalesce(rules.rule_to, timestamp '9999-12-31 00:00:00')
left join rule_periods
    on
        entries.lead_key = rule_periods.lead_key
        and rules.rule_id = rule_periods.rule_id
        and rules.rule_version = rule_periods.rule_version
        and entries.entered_at >= rule_periods.valid_from
        and entries.entered_at < coalesce(rule_periods.valid_to, timestamp '9999-12-31 00:00:00')
