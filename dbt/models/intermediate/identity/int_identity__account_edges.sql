-- Bipartite edges record -- identifier that may join accounts.
with identifiers as (select * from {{ ref('int_identity__identifiers') }})

select distinct
    record_key,
    identifier_key,
    identifier_type,
    strength
from identifiers
where identity_scope = 'account' and identifier_status = 'ok'
