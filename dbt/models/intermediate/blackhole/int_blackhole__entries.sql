-- Every fall into the hole with who held the lead then and how often we had tried. What was before the
-- first passage led to it; what was before a later one is over.
with intervals as (select * from {{ ref('int_blackhole__intervals') }}),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

contacts as (select * from {{ ref('int_blackhole__contacts') }}),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }}),

passages as (
    select lead_key, passage_number, min(entered_at) as started_at
    from stays
    group by lead_key, passage_number
),

assigned as (
    select lead_key, min(valid_from) as assigned_at
    from owner_periods
    where owner_side in ('sdr', 'sales')
    group by lead_key
),

entries as (
    select
        intervals.lead_key, intervals.interval_number, intervals.entered_at, intervals.stage_at_entry,
        case when stays.passage_number > 1 then passages.started_at else timestamp '1000-01-01 00:00:00' end
            as looked_from
    from intervals
    inner join stays on intervals.lead_key = stays.lead_key and intervals.stay_at_entry = stays.stay_number
    inner join passages on stays.lead_key = passages.lead_key and stays.passage_number = passages.passage_number
),

touched as (
    select
        entries.lead_key,
        entries.interval_number,
        count(*) filter (where contacts.is_attempt) as n_attempts,
        count(*) filter (where contacts.is_conversation) as n_conversations
    from entries
    inner join contacts
        on
            entries.lead_key = contacts.lead_key
            and entries.looked_from <= contacts.occurred_at
            and entries.entered_at >= contacts.occurred_at
    group by entries.lead_key, entries.interval_number
)

select
    entries.lead_key,
    entries.interval_number,
    entries.entered_at,
    entries.stage_at_entry,
    entries.looked_from,
    owner_periods.owner_user_id,
    owner_periods.owner_team_id,
    coalesce(owner_periods.owner_side, 'nobody') as owner_side,
    coalesce(assigned.assigned_at <= entries.entered_at, false) as was_assigned,
    coalesce(touched.n_attempts, 0) as n_attempts,
    coalesce(touched.n_conversations, 0) as n_conversations
from entries
left join assigned on entries.lead_key = assigned.lead_key
left join touched
    on entries.lead_key = touched.lead_key and entries.interval_number = touched.interval_number
left join owner_periods
    on
        entries.lead_key = owner_periods.lead_key
        and entries.entered_at >= owner_periods.valid_from
        and entries.entered_at < coalesce(owner_periods.valid_to, timestamp '9999-12-31 00:00:00')
