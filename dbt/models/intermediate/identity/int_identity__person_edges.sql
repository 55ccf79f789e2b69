-- Bipartite edges record -- identifier that may join persons.
with identifiers as (select * from {{ ref('int_identity__identifiers') }})

select distinct
    record_key,
    identifier_key,
    identifier_type,
    strength
from identifiers
where identity_scope = 'person' and identifier_status = 'ok'
