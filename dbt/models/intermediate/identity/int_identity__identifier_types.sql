-- The identifier types in force, as the Python models read them.
with identifier_types as (select * from {{ ref('identity_identifier_type') }} where {{ in_force_now() }})

select
    identifier_type,
    identity_scope,
    strength,
    sharing,
    nameless_min_percent,
    max_per_entity,
    rule_version
from identifier_types
where is_enabled
