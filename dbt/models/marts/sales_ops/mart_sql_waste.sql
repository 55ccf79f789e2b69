-- SQLs that sales accepted, followed up too late and then lost (S0:348). An association: what was lost
-- might have been lost in time as well.
with stays as (select * from {{ ref('fct_lead_stage_interval') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'sql'),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

clocks as (select * from {{ ref('fct_sla') }} where is_binding and clock_start = 'handoff_accepted'),

computable as (select * from {{ ref('int_routing__computable') }}),

passages as (
    select
        lead_key,
        passage_number,
        min(entered_at) as passage_from,
        max(case when path_kind = 'detour' then 1 else 0 end) = 1 as is_lost,
        max(case when path_kind = 'won' then 1 else 0 end) = 1 as is_won,
        max(coalesce(exited_at, timestamp '9999-12-31 00:00:00')) as passage_to
    from stays
    group by lead_key, passage_number
),

sqls as (
    select stays.lead_key, stays.passage_number, min(stays.entered_at) as sql_at
    from stays
    inner join watched
        on stays.stage = watched.stage and {{ in_force('watched', business_date('stays.entered_at')) }}
    group by stays.lead_key, stays.passage_number
),

late as (
    select sqls.lead_key, sqls.passage_number, count(*) as n_breaches
    from sqls
    inner join passages
        on sqls.lead_key = passages.lead_key and sqls.passage_number = passages.passage_number
    inner join clocks
        on
            sqls.lead_key = clocks.lead_key
            and passages.passage_from <= clocks.started_at
            and passages.passage_to > clocks.started_at
    where clocks.status = 'breached'
    group by sqls.lead_key, sqls.passage_number
),

placed as (
    select
        {{ business_month("sqls.sql_at") }} as sql_month,
        leads.channel,
        late.lead_key is not null as is_breached,
        passages.is_lost and not passages.is_won as is_lost,
        passages.is_won
    from sqls
    cross join computable
    inner join leads on sqls.lead_key = leads.lead_key
    inner join passages
        on sqls.lead_key = passages.lead_key and sqls.passage_number = passages.passage_number
    left join late on sqls.lead_key = late.lead_key and sqls.passage_number = late.passage_number
    where computable.has_contacts
),

counts as (
    select
        sql_month,
        channel,
        count(*) as n_sqls,
        count(*) filter (where is_breached) as n_breached,
        count(*) filter (where is_lost) as n_lost,
        count(*) filter (where is_breached and is_lost) as n_wasted,
        count(*) filter (where not is_breached and is_lost) as n_lost_in_time,
        count(*) filter (where not is_lost and not is_won) as n_open
    from placed
    group by sql_month, channel
)

select
    {{ surrogate_key(["sql_month", "channel"]) }} as sql_waste_key,
    sql_month,
    channel,
    n_sqls,
    n_breached,
    n_lost,
    n_wasted,
    n_lost_in_time,
    n_open,
    {{ ratio("n_wasted", "n_sqls") }} as wasted_share,
    {{ wilson_bound("n_wasted", "n_sqls", "low") }} as wasted_low,
    {{ wilson_bound("n_wasted", "n_sqls", "high") }} as wasted_high
from counts
