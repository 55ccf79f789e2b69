-- Everything that was ever connected, by portable SQL: for engines without Python models, and the
-- oracle of the library path. Off unless var identity_components is sql.
-- depends_on: {{ ref('int_identity__edges') }}
{% set components = connected_components(ref('int_identity__edges'), 'record_node', 'node_key') %}
select
    node,
    component
from {{ components }}
