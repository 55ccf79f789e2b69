-- How many net enquiries of a month came to each phase of awareness, interest and action (F19). A phase
-- is reached with any stage of it or beyond. Counts so far, no rates: young months are not finished.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

stages as (select * from {{ ref('dim_stage') }} where is_enabled and stage_rank is not null),

traffic as (select * from {{ ref('mart_traffic_daily') }}),

phases as (
    select aida_phase, min(stage_rank) as phase_rank
    from stages
    where path_kind in ('anonymous', 'success', 'won')
    group by aida_phase
),

reached as (
    select distinct entries.enquiry_lead_key, entries.channel, entries.cohort_month, stages.aida_phase
    from entries
    inner join stages on entries.stage = stages.stage
),

counted as (
    select cohort_month, channel, aida_phase, count(*) as n_enquiries
    from reached
    group by cohort_month, channel, aida_phase
),

visits as (
    select
        cast(date_trunc('month', traffic.date_day) as date) as cohort_month,
        traffic.channel,
        stages.aida_phase,
        sum(traffic.n_sessions) as n_sessions
    from traffic
    inner join stages on stages.path_kind = 'anonymous'
    group by cast(date_trunc('month', traffic.date_day) as date), traffic.channel, stages.aida_phase
),

months as (
    select cohort_month, channel from counted
    union
    select cohort_month, channel from visits
)

select
    {{ surrogate_key(["months.cohort_month", "months.channel", "phases.aida_phase"]) }} as funnel_aida_key,
    months.cohort_month,
    months.channel,
    phases.aida_phase,
    cast(phases.phase_rank as integer) as phase_rank,
    cast(visits.n_sessions as bigint) as n_sessions,
    coalesce(counted.n_enquiries, 0) as n_enquiries
from months
cross join phases
left join counted
    on
        months.cohort_month = counted.cohort_month
        and months.channel = counted.channel
        and phases.aida_phase = counted.aida_phase
left join visits
    on
        months.cohort_month = visits.cohort_month
        and months.channel = visits.channel
        and phases.aida_phase = visits.aida_phase
