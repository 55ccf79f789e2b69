-- Epochs of knowledge of the visitors whose source has no session ids. Within an epoch events only
-- come to know at the end of what was known, so visits keep their numbers; an event that comes late,
-- is corrected or withdrawn begins a new one.
with periods as (select * from {{ ref('int_web__event_versions') }}),

visitors as (
    select source_system, anonymous_id, min(known_from) as known_from
    from periods
    group by source_system, anonymous_id
    having count(*) > count(session_id)
),

deliveries as (
    select
        source_system, anonymous_id, known_from,
        min(occurred_at) as first_occurred_at, max(occurred_at) as last_occurred_at
    from periods
    group by source_system, anonymous_id, known_from
),

late as (
    select source_system, anonymous_id, known_from as epoch_from
    from deliveries
    qualify
        first_occurred_at <= max(last_occurred_at) over (
            partition by source_system, anonymous_id order by known_from asc nulls last
            rows between unbounded preceding and 1 preceding
        )
),

begins as (
    select source_system, anonymous_id, known_from as epoch_from from visitors
    union
    select source_system, anonymous_id, epoch_from from late
    union
    select source_system, anonymous_id, known_to as epoch_from from periods where known_to is not null
)

select
    begins.source_system,
    begins.anonymous_id,
    begins.epoch_from,
    lead(begins.epoch_from) over (
        partition by begins.source_system, begins.anonymous_id order by begins.epoch_from asc nulls last
    ) as epoch_to
from begins
inner join visitors
    on begins.source_system = visitors.source_system and begins.anonymous_id = visitors.anonymous_id
