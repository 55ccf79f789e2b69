-- When we held which version of a lead true; a lead never leaves, a deletion is one more version.
with versions as (select * from {{ ref('stg_crm__leads') }}),

periods as (
    {{ version_periods('versions', ['_source_system', 'lead_id'], ['updated_at']) }}
)

select
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    _source_system as source_system,
    lead_id,
    created_at,
    first_known_at,
    known_from,
    known_to
from periods
