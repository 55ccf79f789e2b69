-- When a stay on the way to a deal began for any lead of an enquiry: what ends having been given up.
with outcomes as (
    select lead_key, survivor_lead_key
    from {{ ref('int_leads__outcomes') }}
    where cleaning_outcome <> 'exclude'
),

intervals as (select * from {{ ref('int_lifecycle__intervals') }} where path_kind <> 'detour')

select distinct
    outcomes.survivor_lead_key as enquiry_lead_key,
    intervals.entered_at as returned_at
from intervals
inner join outcomes on intervals.lead_key = outcomes.lead_key
