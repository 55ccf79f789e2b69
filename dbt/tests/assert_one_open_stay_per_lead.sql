-- A row is a lead that is not in exactly one stage now, or whose stays leave a gap or overlap (law 3).
with intervals as (select * from {{ ref('fct_lead_stage_interval') }}),

open_stays as (
    select lead_key, count(*) filter (where is_open) as n_open
    from intervals
    group by lead_key
),

chained as (
    select
        lead_key,
        exited_at,
        lead(entered_at) over (partition by lead_key order by stay_number asc nulls last) as next_entered_at
    from intervals
)

select lead_key, 'open stays' as problem
from open_stays
where n_open <> 1
union all
select lead_key, 'gap or overlap' as problem
from chained
where next_entered_at is distinct from exited_at
