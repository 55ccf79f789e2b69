-- SQLs without an owner in sales in time: the hand-over that the transition should have come with.
with stays as (select * from {{ ref('fct_lead_stage_interval') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'sql'),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

owner_periods as (select * from {{ ref('fct_lead_owner_period') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'orphan_sql'),

computable as (select * from {{ ref('int_routing__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

sqls as (
    select stays.*, leads.channel, leads.source_system, leads.lead_id
    from stays
    inner join leads on stays.lead_key = leads.lead_key
    inner join watched
        on stays.stage = watched.stage and {{ in_force('watched', business_date('stays.entered_at')) }}
    cross join computable
    where computable.has_sides
),

held as (
    select
        sqls.stage_interval_key,
        min(case when owner_periods.owner_side = 'sales' then greatest(owner_periods.valid_from, sqls.entered_at) end)
            as sales_owned_at,
        max(case when owner_periods.valid_from <= sqls.entered_at then owner_periods.owner_user_id end)
            as owner_user_id,
        max(case when owner_periods.valid_from <= sqls.entered_at then owner_periods.owner_side end) as owner_side
    from sqls
    inner join owner_periods
        on
            sqls.lead_key = owner_periods.lead_key
            and coalesce(owner_periods.valid_to, timestamp '9999-12-31 00:00:00') > sqls.entered_at
    group by sqls.stage_interval_key
),

measured as (
    select
        sqls.*, held.sales_owned_at, held.owner_user_id, held.owner_side, limits.boundary,
        {{ limit_seconds("limits") }} as limit_seconds, limits.rule_version,
        -- The wait ends with the stay: what was lost or sent back waits for nobody in sales.
        {{ seconds_between(
            "sqls.entered_at", "least(held.sales_owned_at, sqls.exited_at, as_of.as_of)"
        ) }} as seconds_without
    from sqls
    cross join as_of
    inner join limits on {{ in_force('limits', business_date('sqls.entered_at')) }}
    left join held on sqls.stage_interval_key = held.stage_interval_key
)

select
    stage_interval_key,
    lead_key,
    source_system,
    lead_id,
    channel,
    entered_at,
    entry_actor_user_id,
    owner_user_id,
    owner_side,
    sales_owned_at,
    seconds_without / 60 as minutes_without_sales_owner,
    is_open and sales_owned_at is null as is_still_orphan,
    rule_version
from measured
where {{ is_beyond("seconds_without", "limit_seconds", "boundary") }}
