-- Stays at every state of our knowledge: as the stays of today, from what was known then. Leads of
-- which we learned everything at once have one state.
with days as (select * from {{ ref('int_lifecycle__as_of_days') }}),

now_reached as (select * from {{ ref('int_lifecycle__now_reached') }}),

assertions as (select * from {{ ref('int_lifecycle__log_periods') }} where moves_stage),

-- What was delivered with a date to come counts from the first "now" that is past it.
futures as (
    select assertions.lead_key, now_reached.known_from, cast(null as timestamp) as known_to
    from assertions
    inner join now_reached
        on
            {{ to_local_date("assertions.occurred_at + interval '999' millisecond", var('source_timezone')) }}
            = now_reached.date_day
            and now_reached.known_from > assertions.known_from
),

epochs as (
    {{ knowledge_epochs(['assertions', 'futures'], 'lead_key') }}
),

stays as (
    {{ lifecycle_stays_as_known('assertions', 'epochs', 'days') | indent(4) }}
),

pieces as (
    select stays.*, epochs.known_to
    from stays
    inner join epochs on stays.lead_key = epochs.lead_key and stays.known_from = epochs.known_from
),

merged as (
    {{ merged_periods('pieces', [
        'lead_key', 'stay_number', 'passage_number', 'visit_number', 'lifetime_visit_number', 'stage',
        'stage_rank', 'path_kind', 'entered_at', 'exited_at', 'previous_stage', 'next_stage', 'move',
        'event_id', 'known_at', 'actor_user_id',
    ]) }}
)

select * from merged
