-- Stays in the stages that a rule of silence watches, at each state of our knowledge (also the mere
-- passing of a limit changes it), from source assertions alone.
with rules as (select * from {{ ref('inferred_event') }} where trigger = 'rep_silence'),

days as (select * from {{ ref('int_lifecycle__as_of_days') }}),

now_reached as (select * from {{ ref('int_lifecycle__now_reached') }}),

assertions as (
    select assertions.*, true as moves_stage
    from {{ ref('int_lifecycle__assertion_periods') }} as assertions
    where assertions.lead_key in (
        select watched.lead_key
        from {{ ref('int_lifecycle__assertion_periods') }} as watched
        inner join rules on watched.stage = rules.from_stage
    )
),

actions as (select * from {{ ref('int_lifecycle__rep_actions') }}),

-- Where nobody ever told us what reps do, silence cannot be heard; it can from the first action we know.
listening as (select min(known_from) as known_from from actions),

-- A silence begins with an entry or an action and shows once "now" is past its limit (or at it).
limits as (
    select
        starts.lead_key,
        {{ to_local_date(
            "starts.occurred_at + rules.silence_days * interval '1' day + tolerance.seconds * interval '1' second",
            var('source_timezone')
        ) }} as date_day
    from (
        select lead_key, occurred_at from actions
        union
        select lead_key, occurred_at from assertions
    ) as starts
    cross join rules
    cross join (select 0 as seconds union all select 1 as seconds) as tolerance
),

deadlines as (
    select
        limits.lead_key, now_reached.known_from, cast(null as timestamp) as known_to
    from limits
    inner join now_reached on limits.date_day = now_reached.date_day
    union
    select assertions.lead_key, listening.known_from, cast(null as timestamp) as known_to
    from assertions
    cross join listening
    where listening.known_from is not null
),

epochs as (
    {{ knowledge_epochs(['assertions', 'actions', 'deadlines'], 'lead_key') }}
),

heard as (
    select epochs.*
    from epochs
    cross join listening
    where epochs.known_from >= listening.known_from
),

stays as (
    {{ lifecycle_stays_as_known('assertions', 'heard', 'days') | indent(4) }}
)

select
    stays.lead_key,
    stays.event_id,
    stays.entered_at,
    coalesce(stays.exited_at, days.as_of) as watched_until,
    rules.rule_id,
    rules.rule_version,
    rules.silence_days,
    rules.boundary,
    rules.to_stage,
    rules.reason_code,
    rules.moves_stage,
    stays.known_from,
    epochs.known_to
from stays
inner join rules
    on stays.stage = rules.from_stage and {{ in_force('rules', business_date('stays.entered_at')) }}
inner join epochs on stays.lead_key = epochs.lead_key and stays.known_from = epochs.known_from
inner join days on stays.known_from = days.known_from
