-- What a human should look at, as known now: edges the guards refused, values several names share,
-- entities held together by one doubtful edge, crowded entities, decisions about unknown records.
with memberships as (select * from {{ ref('int_identity__memberships') }} where valid_to is null),

replayed as (select * from {{ ref('int_identity__replayed') }} where row_kind = 'refusal' and known_to is null),

edges as (select distinct record_key, entity, node_key, identifier_type from {{ ref('int_identity__edges') }}),

verdicts as (select * from {{ ref('int_identity__shared_identifiers') }} where known_to is null),

evidence as (
    select distinct identifier_key, identifier_value, identifier_type, entity
    from {{ ref('int_identity__evidence') }}
),

decisions as (
    select * from {{ ref('int_identity__overrides') }}
    where known_to is null and identifier_value is not null and side = 1
),

bridges as (select * from {{ ref('int_identity__bridges') }}),

overrides as (select * from {{ ref('int_identity__overrides') }} where known_to is null and record_key is not null),

lifetimes as (select * from {{ ref('int_identity__lifetimes') }}),

company_keys as (
    select * from {{ ref('int_identity__company_keys') }} where known_to is null and reason = 'ambiguous_short_name'
),

sizes as (
    select entity, entity_key, count(*) as n_records
    from memberships
    where entity = 'person'
    group by entity, entity_key
)

select
    'refused_edge' as review_kind, 'warning' as severity, edges.entity,
    cast(null as {{ dbt.type_string() }}) as entity_key, replayed.record_key, edges.identifier_type,
    replayed.node_key as case_key, replayed.reason, 1 as n_records
from replayed
inner join edges on replayed.record_key = edges.record_key and replayed.node_key = edges.node_key
union all
select
    'shared_value' as review_kind,
    case when count(distinct verdicts.name_group) > 3 then 'warning' else 'notice' end as severity,
    evidence.entity, null as entity_key, null as record_key, evidence.identifier_type,
    verdicts.identifier_key as case_key,
    case when evidence.entity = 'account' then 'several_companies' else 'several_names' end as reason,
    count(distinct verdicts.record_key) as n_records
from verdicts
inner join evidence on verdicts.identifier_key = evidence.identifier_key
where verdicts.status <> 'ok' or verdicts.name_group is not null
group by evidence.entity, evidence.identifier_type, verdicts.identifier_key
union all
select
    'bridge' as review_kind, case when reason = 'other_name' then 'warning' else 'notice' end as severity,
    'person' as entity, person_key as entity_key, record_key, null as identifier_type, node_key as case_key,
    concat('bridge_', reason) as reason, n_small + n_large as n_records
from bridges
union all
select
    'crowded_entity' as review_kind,
    case when n_records >= {{ policy('identity', 'cluster_size_alarm') }} then 'alarm' else 'warning' end as severity,
    entity, entity_key, null as record_key, null as identifier_type, null as case_key, 'crowded' as reason, n_records
from sizes
where n_records >= {{ policy('identity', 'cluster_size_warn') }}
union all
select
    'unknown_record' as review_kind, 'alarm' as severity, overrides.entity, null as entity_key,
    overrides.record_key, null as identifier_type, overrides.override_id as case_key,
    concat(overrides.kind, '_of_unknown_record') as reason, 0 as n_records
from overrides
left join lifetimes on overrides.record_key = lifetimes.record_key
where lifetimes.record_key is null
union all
select
    'override_without_effect' as review_kind, 'alarm' as severity, overrides.entity, null as entity_key,
    null as record_key, overrides.identifier_type, overrides.override_id as case_key,
    concat(overrides.kind, '_of_unknown_value') as reason, 0 as n_records
from decisions as overrides
left join evidence
    on
        overrides.identifier_type = evidence.identifier_type
        and overrides.identifier_value in (evidence.identifier_value, evidence.identifier_key)
where evidence.identifier_key is null
union all
select
    'ambiguous_company' as review_kind, 'notice' as severity, 'account' as entity, null as entity_key,
    null as record_key, 'company_legal_key' as identifier_type, company_legal_key as case_key,
    'ambiguous_short_name' as reason, count(*) as n_records
from company_keys
group by company_legal_key
{% if var('identity_candidates') -%}
union all
select
    'candidate_pair' as review_kind, 'notice' as severity, 'person' as entity, null as entity_key,
    left_key as record_key, null as identifier_type, right_key as case_key, rule as reason, 2 as n_records
from {{ ref('int_identity__candidate_pairs') }}
{%- endif %}
