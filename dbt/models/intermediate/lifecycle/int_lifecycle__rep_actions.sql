-- What our people did about a lead, with since when we know it: what breaks a silence.
with activities as (
    select * from {{ ref('int_engagement__sales_activities') }}
    where is_rep_action and lead_key is not null
)

select
    lead_key,
    occurred_at,
    min(known_at) as known_from,
    cast(null as timestamp) as known_to
from activities
group by lead_key, occurred_at
