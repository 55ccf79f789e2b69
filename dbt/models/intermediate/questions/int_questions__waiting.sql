-- How long each lead waited for us, or waits: who was not contacted waits until now, also when it was closed
-- meanwhile (L03, D6). A lead is not contacted by being written off: ending its wait at the closing takes those
-- out that wait longest, and the median comes out too short. Net leads only: nobody has to call a duplicate.
with clocks as (
    select * from {{ ref('int_sla__clocks') }} where clock_start in ('created', 'assigned')
),

net as (select lead_key from {{ ref('int_leads__outcomes') }} where cleaning_outcome = 'net')

select
    clocks.policy_id,
    clocks.lead_key,
    clocks.started_at,
    clocks.stopped_at,
    clocks.status,
    clocks.is_mature,
    clocks.has_contacts,
    case when clocks.stopped_at is null then clocks.age_seconds else clocks.elapsed_seconds end as waited_seconds
from clocks
inner join net on clocks.lead_key = net.lead_key
