-- Batches whose very content was delivered again later: a full extract that returns to an older state
-- lands once, and still is the newest word on that state.
with landed_files as (select * from {{ ref('stg_landing__files') }})

select
    batch_id,
    cast(max(extract_date) as timestamp) + interval '1' day - interval '1' second as last_seen_at
from landed_files
where status = 'duplicate' and batch_id is not null
group by batch_id
