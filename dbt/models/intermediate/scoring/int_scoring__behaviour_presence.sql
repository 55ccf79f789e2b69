-- Whether behaviour can be scored at all, and since when it could: visits, and the forms that say whose
-- they are, must both have come.
with presence as (
    select * from {{ ref('int_quality__extract_presence') }}
    where extract_table in ('web_events', 'web_form_submissions')
)

select
    case when count(*) filter (where is_present) = 2 then timestamp '1900-01-01 00:00:00' end as computable_from,
    case
        when count(*) filter (where is_present) = 2
            then max({{ end_of_extract_day("first_extract_date") }})
    end as known_from
from presence
