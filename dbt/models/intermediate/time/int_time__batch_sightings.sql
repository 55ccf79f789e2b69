-- Batches whose very content was delivered again later: a full extract that returns to an older state
-- lands once, and still is the newest word on that state.
with landed_files as (select * from {{ ref('stg_landing__files') }})

select
    batch_id,
    {{ end_of_extract_day("max(extract_date)") }} as last_seen_at
from landed_files
where status = 'duplicate' and batch_id is not null
group by batch_id
