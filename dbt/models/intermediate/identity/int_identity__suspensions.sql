-- When an identifier joins nobody although it looks fine: blocked by the lists or by a human (for
-- every record: record_key is NULL), or one record detached from it.
with observations as (select * from {{ ref('int_identity__observations') }} where reason is null),

blocked_values as (select * from {{ ref('identity_blocked_value') }} where {{ in_force_now() }}),

blocked_patterns as (select * from {{ ref('identity_blocked_pattern') }} where {{ in_force_now() }}),

overrides as (select * from {{ ref('int_identity__overrides') }}),

identifier_types as (select * from {{ ref('identity_identifier_type') }} where {{ in_force_now() }}),

-- A human may name the value, or the key that stands for it.
named_values as (
    select distinct
        observations.identifier_type,
        observations.identifier_value,
        overrides.override_id
    from observations
    inner join overrides
        on
            observations.identifier_type = overrides.identifier_type
            and overrides.identifier_value in (
                observations.identifier_value, {{ identifier_key("observations") }}
            )
),

listed as (
    select identifier_type, blocked_value as identifier_value from blocked_values
    union
    select observations.identifier_type, observations.identifier_value
    from observations
    inner join blocked_patterns
        on
            observations.identifier_type = blocked_patterns.identifier_type
            and {{ regex_like("observations.identifier_value", "blocked_patterns.value_regex") }}
)

select
    cast(null as {{ dbt.type_string() }}) as record_key, identifier_type, identifier_value, 'blocked' as reason,
    cast('1970-01-01 00:00:00' as timestamp) as known_from, cast(null as timestamp) as known_to
from listed
union all
select
    cast(null as {{ dbt.type_string() }}) as record_key, named_values.identifier_type,
    named_values.identifier_value, 'blocked' as reason, overrides.known_from, overrides.known_to
from overrides
inner join named_values on overrides.override_id = named_values.override_id
where overrides.kind = 'block_identifier'
union all
select distinct
    observations.record_key, observations.identifier_type, observations.identifier_value,
    'detached' as reason, overrides.known_from, overrides.known_to
from overrides
inner join observations on overrides.record_key = observations.record_key
inner join identifier_types
    on
        observations.identifier_type = identifier_types.identifier_type
        and overrides.entity = identifier_types.identity_scope
left join named_values
    on
        overrides.override_id = named_values.override_id
        and observations.identifier_type = named_values.identifier_type
        and observations.identifier_value = named_values.identifier_value
where
    overrides.kind = 'detach'
    and (overrides.identifier_type is null or named_values.override_id is not null)
    and observations.identifier_type not in ('must_link', 'account_must_link')
