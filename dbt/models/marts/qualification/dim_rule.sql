-- The rules by which leads move, in words: who answers for them, from and to which stage, on what
-- condition, with which clock.
with qualification_rules as (select * from {{ ref('qualification_rule') }}),

rule_words as (select * from {{ ref('int_qualification__rule_words') }}),

transition_rules as (select * from {{ ref('transition_rule') }}),

inferred_events as (select * from {{ ref('inferred_event') }}),

status_map as (select * from {{ ref('crm_status_map') }} where crm_object = 'lead'),

stages as (select * from {{ ref('dim_stage') }}),

clocks as (select * from {{ ref('sla_policy') }} where {{ in_force_now() }}),

rules as (
    select
        qualification_rules.rule_id, 'qualification' as rule_kind, qualification_rules.from_stage,
        qualification_rules.stage as to_stage, qualification_rules.label_en as rule_en,
        qualification_rules.label_zh as rule_zh, rule_words.condition_en, rule_words.condition_zh,
        qualification_rules.owner_team, qualification_rules.sla_policy_id,
        qualification_rules.rule_version, qualification_rules.is_enabled,
        qualification_rules.valid_from, qualification_rules.valid_to
    from qualification_rules
    inner join rule_words
        on
            qualification_rules.rule_id = rule_words.rule_id
            and qualification_rules.rule_version = rule_words.rule_version
    union all
    select
        rule_id, 'transition' as rule_kind, from_stage, to_stage, label_en as rule_en, label_zh as rule_zh,
        label_en as condition_en, label_zh as condition_zh, owner_team, sla_policy_id,
        rule_version, is_enabled, valid_from, valid_to
    from transition_rules
    union all
    select
        inferred_events.rule_id, 'inferred' as rule_kind, inferred_events.from_stage,
        inferred_events.to_stage, inferred_events.label_en as rule_en, inferred_events.label_zh as rule_zh,
        inferred_events.label_en as condition_en, inferred_events.label_zh as condition_zh,
        stages.team as owner_team, cast(null as {{ dbt.type_string() }}) as sla_policy_id,
        inferred_events.rule_version, true as is_enabled,
        inferred_events.valid_from, inferred_events.valid_to
    from inferred_events
    left join stages on inferred_events.from_stage = stages.stage
    union all
    select
        concat('status:', status_map.source_system, ':', status_map.crm_status) as rule_id,
        'status_map' as rule_kind, '*' as from_stage, status_map.stage as to_stage,
        'CRM status' as rule_en, 'CRM状态' as rule_zh,
        concat('CRM status is ', status_map.crm_status) as condition_en,
        concat('CRM状态为', status_map.crm_status) as condition_zh,
        stages.team as owner_team, cast(null as {{ dbt.type_string() }}) as sla_policy_id,
        cast(status_map.valid_from as {{ dbt.type_string() }}) as rule_version, true as is_enabled,
        status_map.valid_from, status_map.valid_to
    from status_map
    left join stages on status_map.stage = stages.stage
)

select
    {{ surrogate_key(["rules.rule_id", "rules.rule_version"]) }} as rule_key,
    rules.rule_id,
    rules.rule_kind,
    rules.from_stage,
    rules.to_stage,
    rules.rule_en,
    rules.rule_zh,
    rules.condition_en,
    rules.condition_zh,
    rules.owner_team,
    rules.sla_policy_id,
    clocks.label_en as sla_en,
    clocks.label_zh as sla_zh,
    rules.rule_version,
    rules.is_enabled,
    rules.valid_from,
    rules.valid_to
from rules
left join clocks on rules.sla_policy_id = clocks.policy_id
