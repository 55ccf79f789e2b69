-- Why the CRM says a lead was disqualified or recycled: its newest version.
with versions as (select * from {{ ref('stg_crm__leads') }}),

latest as (
    {{ latest_version('versions', ['_source_system', 'lead_id'], ['updated_at']) }}
)

select
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    junk_reason,
    recycle_reason
from latest
