-- Composite identifiers (say full name with birth date): a record has one in every period in which it
-- has each of the declared parts, one value each.
with simple_observations as (select * from {{ ref('int_identity__simple_observations') }} where reason is null),

versions as (select * from {{ ref('int_identity__record_versions') }}),

names as (select * from {{ ref('int_identifiers__names') }} where name_kind = 'full'),

composites as (
    select
        *,
        count(*) over (partition by composite_type) as n_components
    from {{ ref('identity_composite') }}
    where {{ in_force_now() }}
),

enabled_types as (
    select identifier_type from {{ ref('identity_identifier_type') }} where is_enabled and {{ in_force_now() }}
),

parts as (
    select
        simple_observations.record_key, simple_observations.identifier_type as component_type,
        simple_observations.identifier_value as component_value,
        simple_observations.known_from, simple_observations.known_to
    from simple_observations
    union all
    select
        versions.record_key, 'full_name' as component_type, names.name_key as component_value,
        versions.known_from, versions.known_to
    from versions
    inner join names on versions.full_name = names.raw_name
),

wanted as (
    select
        composites.composite_type, composites.component_order, composites.n_components,
        parts.record_key, parts.component_value, parts.known_from, parts.known_to
    from parts
    inner join composites on parts.component_type = composites.component_type
    inner join enabled_types on composites.composite_type = enabled_types.identifier_type
),

instants as (
    select composite_type, record_key, known_from as instant from wanted
    union
    select composite_type, record_key, known_to as instant from wanted where known_to is not null
),

pieces as (
    select
        composite_type,
        record_key,
        instant as known_from,
        lead(instant) over (partition by composite_type, record_key order by instant asc nulls last) as known_to
    from instants
)

select
    pieces.record_key,
    pieces.composite_type as identifier_type,
    {{ ordered_text_agg("wanted.component_value", "|", "wanted.component_order asc nulls last") }}
        as identifier_value,
    pieces.known_from,
    pieces.known_to
from pieces
inner join wanted
    on
        pieces.record_key = wanted.record_key
        and pieces.composite_type = wanted.composite_type
        and pieces.known_from >= wanted.known_from
        and (wanted.known_to is null or pieces.known_from < wanted.known_to)
group by pieces.record_key, pieces.composite_type, pieces.known_from, pieces.known_to
having count(*) = max(wanted.n_components) and count(distinct wanted.component_order) = max(wanted.n_components)
