-- Connected components of the person graph: records joined by the identifiers the guards let pass.
-- depends_on: {{ ref('int_identity__person_edges') }}
{% set components = connected_components(
    ref('int_identity__person_edges'), 'record_key', 'identifier_key'
) %}
select
    node,
    component
from {{ components }}
