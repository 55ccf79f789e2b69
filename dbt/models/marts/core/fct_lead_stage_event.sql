-- Every version of every assertion with the period in which we held it true; the place in the log is
-- that of what we hold true now.
with periods as (select * from {{ ref('int_lifecycle__log_periods') }}),

events as (select * from {{ ref('int_lifecycle__stage_events') }}),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

-- One instant for very many leads is when somebody pressed a button, not when each of them moved.
bulk_instants as (
    select occurred_at
    from periods
    where known_to is null and evidence in ('crm_lead_history', 'crm_lead_version')
    group by occurred_at
    having count(distinct lead_key) >= {{ policy('lifecycle', 'bulk_instant_leads') }}
)

select
    {{ surrogate_key(["periods.event_id", "periods.known_from"]) }} as stage_event_key,
    periods.event_id,
    periods.lead_key,
    periods.stage,
    periods.said_stage,
    periods.occurred_at,
    events.effective_at,
    periods.known_at,
    periods.source_sequence,
    cast(events.event_number as integer) as event_number,
    events.previous_stage as from_stage,
    cast(stays.passage_number as integer) as passage_number,
    cast(stays.visit_number as integer) as visit_number,
    periods.actor_user_id,
    periods.evidence,
    periods.change_source,
    periods.reason_code,
    periods.rule_id,
    periods.rule_version,
    periods.profile,
    periods.evidence = 'inferred' as is_inferred,
    periods.moves_stage as has_stage_effect,
    bulk_instants.occurred_at is not null
    and periods.evidence in ('crm_lead_history', 'crm_lead_version') as is_bulk_stamp,
    events.is_before_creation,
    events.is_known_before_it_happened,
    events.is_in_future,
    periods.known_from,
    periods.known_to,
    periods.known_to is null as is_current
from periods
left join events
    on periods.lead_key = events.lead_key and periods.event_id = events.event_id and periods.known_to is null
left join stays
    on periods.lead_key = stays.lead_key and periods.event_id = stays.event_id and periods.known_to is null
left join bulk_instants on periods.occurred_at = bulk_instants.occurred_at
