-- When the clock of the SDRs starts: a lead comes into their hands, or one they still hold is ready anew
-- after it was closed. From one SDR to the next the clock goes on.
with owner_periods as (select * from {{ ref('int_routing__owner_periods') }}),

intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'distribution'),

computable as (select * from {{ ref('int_routing__computable') }}),

sdr_periods as (
    select
        *,
        max(case when owner_side = 'sdr' and previous_side is distinct from 'sdr' then valid_from end) over (
            partition by lead_key order by valid_from asc nulls last
            rows between unbounded preceding and current row
        ) as taken_at,
        min(case when owner_side <> 'sdr' then valid_from end) over (
            partition by lead_key order by valid_from asc nulls last
            rows between 1 following and unbounded following
        ) as left_at,
        max(case when owner_side in ('sdr', 'sales') then valid_to end) over (
            partition by lead_key order by valid_from asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as given_up_at
    from owner_periods
    qualify owner_side = 'sdr'
),

passages as (
    select
        intervals.lead_key,
        intervals.passage_number,
        min(intervals.entered_at) as passage_from,
        min(intervals.entered_at) filter (where watched.stage is not null) as ready_at
    from intervals
    left join watched
        on intervals.stage = watched.stage and {{ in_force('watched', business_date('intervals.entered_at')) }}
    where intervals.passage_number > 1
    group by intervals.lead_key, intervals.passage_number
)

select
    sdr_periods.lead_key,
    sdr_periods.valid_from as started_at,
    sdr_periods.left_at,
    sdr_periods.owner_user_id as user_id,
    sdr_periods.owner_team_id as team_id,
    -- What an SDR or sales did before giving the lead up is no answer to its coming back.
    sdr_periods.given_up_at as looked_from
from sdr_periods
cross join computable
-- The newest owner alone does not say since when.
where sdr_periods.taken_at = sdr_periods.valid_from and computable.has_sides
union all
select
    sdr_periods.lead_key,
    passages.ready_at as started_at,
    sdr_periods.left_at,
    sdr_periods.owner_user_id as user_id,
    sdr_periods.owner_team_id as team_id,
    passages.passage_from as looked_from
from passages
inner join sdr_periods
    on
        passages.lead_key = sdr_periods.lead_key
        and passages.passage_from > sdr_periods.taken_at
        and passages.ready_at >= sdr_periods.valid_from
        and passages.ready_at < coalesce(sdr_periods.valid_to, timestamp '9999-12-31 00:00:00')
cross join computable
where computable.has_sides
