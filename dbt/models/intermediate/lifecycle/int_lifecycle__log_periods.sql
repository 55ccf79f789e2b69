-- The whole stage log: what sources assert and what rules infer, each version with its period of knowledge.
with assertions as (select * from {{ ref('int_lifecycle__assertion_periods') }}),

inferred as (select * from {{ ref('int_lifecycle__inferred_periods') }})

select
    event_id, lead_key, stage, said_stage, occurred_at, said_at, source_sequence, known_at, actor_user_id,
    evidence, change_source, reason_code, cast(null as {{ dbt.type_string() }}) as rule_id, rule_version,
    profile, true as moves_stage, known_from, known_to
from assertions
union all
select
    event_id, lead_key, stage, stage as said_stage, occurred_at, occurred_at as said_at,
    cast(null as bigint) as source_sequence, known_from as known_at,
    cast(null as {{ dbt.type_string() }}) as actor_user_id, 'inferred' as evidence,
    cast(null as {{ dbt.type_string() }}) as change_source, reason_code, rule_id, rule_version,
    cast(null as {{ dbt.type_string() }}) as profile, moves_stage, known_from, known_to
from inferred
