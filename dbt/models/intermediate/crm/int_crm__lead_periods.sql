-- What the CRM said of the scored fields of each lead, and since when we knew it: int_crm__leads over
-- time. A lead is there from the instant we knew of it, and never before its creation.
with versions as (
    {{ version_periods(ref('stg_crm__leads'), ['_source_system', 'lead_id'], ['updated_at']) }}
)

select
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    {{ surrogate_key(["'crm_lead'", "_source_system", "lead_id"]) }} as record_key,
    title,
    industry,
    employee_count,
    known_from,
    known_to,
    min(case
        when created_at < coalesce(known_to, timestamp '9999-12-31 00:00:00')
            then greatest(known_from, created_at)
    end) over (partition by _source_system, lead_id) as starts_at
from versions
