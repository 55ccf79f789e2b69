-- Everything that was ever connected, whatever guards say later: the unit in which identity is judged.
-- depends_on: {{ ref('int_identity__edges') }}
{% set components = connected_components(ref('int_identity__edges'), 'record_node', 'node_key') %}
select
    node,
    component
from {{ components }}
