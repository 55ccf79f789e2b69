-- A row is a day and channel of which the black hole's closing stock, opening + inflow - outflow over all days
-- before, is not the number of leads that the definition finds forgotten when the day ends (H07, D16, law 3).
-- Counted lead by lead at the end of months, without the intervals that the flows come from.
{{ config(meta={'dagster': {'ref': {'name': 'mart_black_hole_daily'}}}) }}
with daily as (select * from {{ ref('mart_black_hole_daily') }}),

leads as (select * from {{ ref('int_blackhole__leads') }}),

stays as (
    select stays.*
    from {{ ref('int_lifecycle__intervals') }} as stays
    inner join leads on stays.lead_key = leads.lead_key
),

contacts as (select * from {{ ref('int_blackhole__contacts') }} where is_conversation),

shelters as (select * from {{ ref('int_blackhole__shelters') }}),

rules as ({{ rule_periods(ref('black_hole_rule')) }}),

instants as (
    select
        {{ to_utc("cast(date_day as timestamp)", var("business_timezone")) }} as ends_at,
        cast(date_day - interval '1' day as date) as day_over
    from {{ ref('dim_date') }}
    where
        extract(day from date_day) = 1
        and date_day >= (select {{ business_date("min(created_at)") }} from leads)
        and date_day <= (select {{ business_date("as_of") }} from {{ ref('int_time__as_of') }})
),

waits as (
    select stays.lead_key, stays.entered_at as began_at
    from stays
    left join rules
        on
            stays.stage = rules.stage
            and stays.entered_at >= rules.rule_from
            and stays.entered_at < coalesce(rules.rule_to, timestamp '9999-12-31 00:00:00')
    where stays.move in ('create', 'reenter') or rules.restarts_clock
),

standing as (
    select
        instants.day_over as date_day, instants.ends_at, leads.lead_key, leads.channel,
        rules.silence_days, rules.grace_days
    from stays
    inner join instants
        on
            stays.entered_at < instants.ends_at
            and coalesce(stays.exited_at, timestamp '9999-12-31 00:00:00') >= instants.ends_at
    inner join rules
        on
            stays.stage = rules.stage
            and instants.ends_at > rules.rule_from
            and instants.ends_at <= coalesce(rules.rule_to, timestamp '9999-12-31 00:00:00')
    inner join leads
        on
            stays.lead_key = leads.lead_key
            and instants.ends_at <= coalesce(leads.gone_at, timestamp '9999-12-31 00:00:00')
),

began as (
    select standing.lead_key, standing.ends_at, max(waits.began_at) as began_at
    from standing
    inner join waits on standing.lead_key = waits.lead_key and standing.ends_at > waits.began_at
    group by standing.lead_key, standing.ends_at
),

talked as (
    select standing.lead_key, standing.ends_at, max(contacts.occurred_at) as talked_at
    from standing
    inner join contacts
        on standing.lead_key = contacts.lead_key and standing.ends_at > contacts.occurred_at
    group by standing.lead_key, standing.ends_at
),

sheltered as (
    select distinct standing.lead_key, standing.ends_at
    from standing
    inner join shelters
        on
            standing.lead_key = shelters.lead_key
            and standing.ends_at > shelters.sheltered_from
            and standing.ends_at <= coalesce(shelters.sheltered_to, timestamp '9999-12-31 00:00:00')
),

forgotten as (
    select standing.date_day, standing.channel, count(*) as n_forgotten
    from standing
    inner join began on standing.lead_key = began.lead_key and standing.ends_at = began.ends_at
    left join talked on standing.lead_key = talked.lead_key and standing.ends_at = talked.ends_at
    left join sheltered on standing.lead_key = sheltered.lead_key and standing.ends_at = sheltered.ends_at
    where
        sheltered.lead_key is null
        and case
            when talked.talked_at >= began.began_at
                then {{ seconds_between("talked.talked_at", "standing.ends_at") }} > standing.silence_days * 86400
            else {{ seconds_between("began.began_at", "standing.ends_at") }} > standing.grace_days * 86400
        end
    group by standing.date_day, standing.channel
),

closings as (
    select daily.date_day, daily.channel, sum(daily.closing) as closing
    from daily
    inner join instants on daily.date_day = instants.day_over
    group by daily.date_day, daily.channel
)

select
    coalesce(forgotten.date_day, closings.date_day) as date_day,
    coalesce(forgotten.channel, closings.channel) as channel,
    forgotten.n_forgotten,
    closings.closing
from forgotten
full outer join closings
    on forgotten.date_day = closings.date_day and forgotten.channel = closings.channel
where coalesce(forgotten.n_forgotten, 0) <> coalesce(closings.closing, 0)
