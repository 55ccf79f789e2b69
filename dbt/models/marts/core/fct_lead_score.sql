with intervals as (select * from {{ ref('int_scoring__intervals') }})

select
    {{ surrogate_key(["lead_key", "valid_from"]) }} as lead_score_key,
    lead_key,
    valid_from,
    valid_to,
    behaviour_raw,
    attribute_raw,
    behaviour_points,
    attribute_points,
    total_points,
    behaviour_raw - behaviour_points as behaviour_clipped,
    attribute_raw - attribute_points as attribute_clipped
from intervals
