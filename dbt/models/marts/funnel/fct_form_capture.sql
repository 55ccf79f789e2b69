with captures as (select * from {{ ref('int_leads__captures') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }} where extract_table = 'crm_leads')

select
    captures.submission_key as form_capture_key,
    captures.form_kind,
    captures.submitted_at,
    {{ business_date("captures.submitted_at") }} as submitted_date,
    -- Without the leads no form can be said to have been dropped.
    case when presence.is_present then captures.capture end as capture,
    captures.lead_key,
    captures.capture_s as seconds_to_lead,
    captures.known_s as seconds_to_warehouse
from captures
cross join presence
