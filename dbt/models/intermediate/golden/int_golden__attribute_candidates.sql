-- Every value that may become golden, with the trust of its record type and the strategy of its
-- attribute (seeds/rules/survivorship.csv).
with person_candidates as (select * from {{ ref('int_golden__person_candidates') }}),

account_candidates as (select * from {{ ref('int_golden__account_candidates') }}),

rules as (select * from {{ ref('survivorship') }} where {{ in_force_now() }}),

attributes as (select * from rules where record_type = '*'),

candidates as (
    select
        'person' as entity, person_key as entity_key, attribute, attribute_value, value_key, completeness,
        record_key, record_type, source_system, said_at
    from person_candidates
    union all
    select
        'account' as entity, account_key as entity_key, attribute, attribute_value, value_key, completeness,
        record_key, record_type, source_system, said_at
    from account_candidates
),

-- One record may offer a value twice (in two phone fields).
distinct_candidates as (
    select
        entity, entity_key, attribute, attribute_value, value_key, record_key, record_type, source_system,
        max(completeness) as completeness,
        min(said_at) as observed_at
    from candidates
    group by entity, entity_key, attribute, attribute_value, value_key, record_key, record_type, source_system
)

select
    distinct_candidates.*,
    attributes.strategy,
    attributes.is_single_valued,
    coalesce(rules.record_type, attributes.record_type) as rule_record_type,
    coalesce(rules.trust, attributes.trust) as trust
from distinct_candidates
inner join attributes
    on
        distinct_candidates.entity = attributes.entity
        and distinct_candidates.attribute = attributes.attribute
left join rules
    on
        distinct_candidates.entity = rules.entity
        and distinct_candidates.attribute = rules.attribute
        and distinct_candidates.record_type = rules.record_type
where coalesce(rules.trust, attributes.trust) > 0
