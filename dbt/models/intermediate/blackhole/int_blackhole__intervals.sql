-- Uninterrupted times of a lead in the hole, half-open, and what ended each.
with states as (select * from {{ ref('int_blackhole__states') }}),

leads as (select * from {{ ref('int_blackhole__leads') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

parts as (
    select
        states.lead_key, states.stage, states.stay_number, states.silent_since, states.rule_version,
        states.forgotten_from, coalesce(states.next_at, timestamp '9999-12-31 00:00:00') as forgotten_to
    from states
    cross join as_of
    where
        states.forgotten_from < coalesce(states.next_at, timestamp '9999-12-31 00:00:00')
        and states.forgotten_from <= as_of.as_of
),

marked as (
    select
        *,
        case
            when forgotten_from = lag(forgotten_to) over (
                partition by lead_key order by forgotten_from asc nulls last
            ) then 0
            else 1
        end as begins
    from parts
),

numbered as (
    select
        *,
        sum(begins) over (
            partition by lead_key order by forgotten_from asc nulls last
            rows between unbounded preceding and current row
        ) as interval_number
    from marked
),

spans as (
    select
        lead_key,
        interval_number,
        min(forgotten_from) as entered_at,
        max(forgotten_to) as ends_at,
        min_by(stage, forgotten_from) as stage_at_entry,
        min(stay_number) as stay_at_entry,
        min_by(silent_since, forgotten_from) as silent_since,
        min_by(rule_version, forgotten_from) as rule_version
    from numbered
    group by lead_key, interval_number
)

select
    spans.lead_key, spans.interval_number, spans.entered_at, spans.stage_at_entry, spans.stay_at_entry,
    spans.silent_since, spans.rule_version,
    case when spans.ends_at <= as_of.as_of then spans.ends_at end as left_at,
    case
        when spans.ends_at > as_of.as_of then null
        when states.gone = 1 then leads.gone_as
        when not states.has_limit then states.stage
        when states.is_talk then 'conversation'
        when states.is_restart and states.move in ('create', 'reenter') then 'return'
        when states.is_restart then 'nurture'
        when states.n_shelters > 0 then 'hand_over'
        else 'limit'
    end as ended_by
from spans
inner join leads on spans.lead_key = leads.lead_key
cross join as_of
left join states on spans.lead_key = states.lead_key and spans.ends_at = states.happened_at
