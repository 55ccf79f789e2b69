-- What spoke for each MQL and each SQL at the instant of its entry.
with entries as (select * from {{ ref('int_qualification__entries') }}),

entry_predicates as (select * from {{ ref('int_qualification__entry_predicates') }}),

entry_rules as (select * from {{ ref('int_qualification__entry_rules') }}),

predicates as (
    select
        entry_event_id,
        {{ distinct_sorted_text("case when predicate_state = 'true' then predicate end", ",") }} as predicates_true,
        {{ distinct_sorted_text("case when predicate_state = 'false' then predicate end", ",") }} as predicates_false,
        {{ distinct_sorted_text(
            "case when predicate_state = 'unknown' then predicate end", ","
        ) }} as predicates_unknown,
        count(*) filter (where is_capture_item) as n_to_capture,
        count(*) filter (where is_capture_item and predicate_state <> 'unknown') as n_captured
    from entry_predicates
    group by entry_event_id
),

rules as (
    select
        entry_event_id,
        {{ distinct_sorted_text("case when is_held then rule_id end", ",") }} as rule_ids,
        {{ distinct_sorted_text("concat(rule_id, '@', rule_version)", ",") }} as rule_versions,
        count(*) filter (where is_held) as n_rules_held,
        min(case when is_held then held_since end) as held_since
    from entry_rules
    group by entry_event_id
),

-- Of several rules that hold, the first by priority names the source.
deciding as (
    select entry_event_id, rule_id, rule_version, mql_source
    from entry_rules
    where is_held
    qualify
        row_number() over (
            partition by entry_event_id order by rule_priority asc nulls last, rule_id asc nulls last
        ) = 1
)

select
    entries.entry_event_id,
    entries.lead_key,
    entries.stage,
    entries.entered_at,
    {{ business_date("entries.entered_at") }} as entered_date,
    cast(entries.passage_number as integer) as passage_number,
    cast(entries.visit_number as integer) as visit_number,
    entries.entry_actor_user_id,
    predicates.predicates_true,
    predicates.predicates_false,
    predicates.predicates_unknown,
    rules.rule_ids,
    deciding.rule_id as deciding_rule_id,
    deciding.rule_version,
    rules.rule_versions as rule_versions_in_force,
    deciding.mql_source,
    rules.held_since as rule_held_since,
    coalesce(rules.n_rules_held, 0) > 0 as is_rule_explained,
    cast(coalesce(predicates.n_to_capture, 0) as integer) as n_to_capture,
    cast(coalesce(predicates.n_captured, 0) as integer) as n_captured,
    case when predicates.n_to_capture > 0 then predicates.n_captured = predicates.n_to_capture end
        as is_fully_captured
from entries
left join predicates on entries.entry_event_id = predicates.entry_event_id
left join rules on entries.entry_event_id = rules.entry_event_id
left join deciding on entries.entry_event_id = deciding.entry_event_id
