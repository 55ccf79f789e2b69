-- Connected components of the account graph: records joined by the identifiers the guards let pass.
-- depends_on: {{ ref('int_identity__account_edges') }}
{% set components = connected_components(
    ref('int_identity__account_edges'), 'record_key', 'identifier_key'
) %}
select
    node,
    component
from {{ components }}
