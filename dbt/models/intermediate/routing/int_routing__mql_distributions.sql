-- Every time a lead became ready for distribution and when an SDR or sales person first held it. Who
-- held it already needs no time; of the next time on, nothing counts for this one.
with intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'distribution'),

owner_periods as (
    select * from {{ ref('int_routing__owner_periods') }} where owner_side in ('sdr', 'sales')
),

ready as (
    select
        intervals.lead_key,
        intervals.stay_number,
        intervals.stage,
        intervals.entered_at,
        lead(intervals.entered_at) over (
            partition by intervals.lead_key order by intervals.stay_number asc nulls last
        ) as next_entered_at
    from intervals
    inner join watched
        on intervals.stage = watched.stage and {{ in_force('watched', business_date('intervals.entered_at')) }}
),

held as (
    select
        ready.lead_key,
        ready.stay_number,
        min(greatest(owner_periods.valid_from, ready.entered_at)) as distributed_at
    from ready
    inner join owner_periods
        on
            ready.lead_key = owner_periods.lead_key
            and coalesce(owner_periods.valid_to, timestamp '9999-12-31 00:00:00') > ready.entered_at
            and owner_periods.valid_from < coalesce(ready.next_entered_at, timestamp '9999-12-31 00:00:00')
    group by ready.lead_key, ready.stay_number
)

select
    ready.lead_key,
    ready.stay_number,
    ready.stage,
    ready.entered_at,
    held.distributed_at,
    {{ seconds_between("ready.entered_at", "held.distributed_at") }} as latency_seconds
from ready
left join held on ready.lead_key = held.lead_key and ready.stay_number = held.stay_number
