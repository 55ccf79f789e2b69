-- A rule row that names what does not exist would never fire and nobody would notice (X2, G10). One row
-- per such gap.
with rules as (select * from {{ ref('qualification_rule') }}),

conditions as (select * from {{ ref('qualification_condition') }}),

predicates as (select * from {{ ref('predicate') }}),

known_signals as (
    select 'lead_field' as signal_kind, field_name as signal from {{ ref('lead_field') }}
    union all
    select 'lead_field' as signal_kind, 'email_class' as signal
    union all
    select 'lead_field' as signal_kind, 'phone_class' as signal
    union all
    select 'cleaning_rule' as signal_kind, rule_id as signal from {{ ref('cleaning_rule') }}
    union all
    select 'score' as signal_kind, threshold_name as signal from {{ ref('score_threshold') }}
    union all
    select 'status_mark' as signal_kind, stage as signal from {{ ref('stage') }}
),

gaps as (
    select concat('rule without conditions: ', rules.rule_id, '@', rules.rule_version) as gap
    from rules
    left join conditions
        on rules.rule_id = conditions.rule_id and rules.rule_version = conditions.rule_version
    where conditions.rule_id is null
    union all
    select concat('conditions without a rule: ', conditions.rule_id, '@', conditions.rule_version) as gap
    from conditions
    left join rules
        on conditions.rule_id = rules.rule_id and conditions.rule_version = rules.rule_version
    where rules.rule_id is null
    union all
    select concat('no version of ', conditions.predicate, ' when ', rules.rule_id, ' begins') as gap
    from conditions
    inner join rules
        on conditions.rule_id = rules.rule_id and conditions.rule_version = rules.rule_version
    left join predicates
        on
            conditions.predicate = predicates.predicate
            and rules.valid_from >= predicates.valid_from
            and rules.valid_from < coalesce(predicates.valid_to, date '9999-12-31')
    where predicates.predicate is null
    union all
    select concat('unknown signal of ', predicates.predicate, ': ', predicates.signal) as gap
    from predicates
    left join known_signals
        on predicates.signal_kind = known_signals.signal_kind and predicates.signal = known_signals.signal
    where
        known_signals.signal is null
        and predicates.signal_kind in ('lead_field', 'cleaning_rule', 'score', 'status_mark')
    union all
    select concat('nobody watches the extract ', predicates.extract_table) as gap
    from predicates
    left join {{ ref('measure_requirement') }} as requirements
        on predicates.extract_table = requirements.extract_table
    where requirements.extract_table is null
    union all
    select concat('two versions at once: ', earlier.predicate, ' ', earlier.signal) as gap
    from predicates as earlier
    inner join predicates as later
        on
            earlier.predicate = later.predicate
            and earlier.signal_kind = later.signal_kind
            and earlier.signal = later.signal
            and earlier.valid_from < later.valid_from
            and coalesce(earlier.valid_to, date '9999-12-31') > later.valid_from
    union all
    select concat('values of no version: ', value_rows.predicate, '@', value_rows.rule_version) as gap
    from {{ ref('predicate_value') }} as value_rows
    left join predicates
        on
            value_rows.predicate = predicates.predicate
            and value_rows.rule_version = predicates.rule_version
    where predicates.predicate is null
)

select gap from gaps
