-- Every clock judged: met, breached, pending, censored (closed before it was due), beyond the calendar,
-- or not computable. Judged by elapsed time, never by the due instant: the boundary row says what equal means.
with clocks as (select * from {{ ref('int_sla__running') }}),

instants as (select * from {{ ref('int_sla__business_instants') }}),

deadlines as (select * from {{ ref('int_sla__business_deadlines') }}),

computable as (select * from {{ ref('int_routing__computable') }}),

elapsed as (
    select
        clocks.*,
        {{ seconds_between("clocks.started_at", "clocks.measured_to") }} as elapsed_clock_seconds,
        -- Rounded to the microsecond of the clock: the boundary must not depend on a binary fraction.
        round(ends.business_seconds - begins.business_seconds, 6) as elapsed_business_seconds,
        {{ seconds_between("clocks.started_at", "clocks.as_of") }} as age_clock_seconds,
        round(nows.business_seconds - begins.business_seconds, 6) as age_business_seconds,
        case clocks.clock
            when 'clock' then {{ seconds_later("clocks.started_at", "clocks.target_seconds") }}
            when 'business' then deadlines.due_at
        end as due_at
    from clocks
    left join instants as begins on clocks.started_at = begins.instant
    left join instants as ends on clocks.measured_to = ends.instant
    left join instants as nows on clocks.as_of = nows.instant
    left join deadlines
        on clocks.started_at = deadlines.started_at and clocks.target_seconds = deadlines.target_seconds
),

measured as (
    select
        elapsed.*,
        computable.has_contacts,
        case clock when 'clock' then elapsed_clock_seconds else elapsed_business_seconds end as elapsed_seconds,
        case clock when 'clock' then age_clock_seconds else age_business_seconds end as age_seconds
    from elapsed
    cross join computable
)

select
    *,
    stopped_at is null and closed_at is null as is_open,
    coalesce(stopped_at < started_at, false) as is_contacted_before_start,
    {{ is_beyond("age_seconds", "target_seconds", "boundary") }} as is_mature,
    case
        when not has_contacts then 'not_computable'
        when elapsed_seconds is null then 'beyond_calendar'
        when {{ is_beyond("elapsed_seconds", "target_seconds", "boundary") }} then 'breached'
        when stopped_at is not null then 'met'
        when closed_at is not null then 'censored'
        else 'pending'
    end as status
from measured
