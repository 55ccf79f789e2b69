-- Every stay in a stage that rules qualify for, at the instant of its entry.
with intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

stages as (select distinct stage from {{ ref('int_qualification__conditions') }})

select
    intervals.event_id as entry_event_id,
    intervals.lead_key,
    intervals.stage,
    intervals.passage_number,
    intervals.visit_number,
    intervals.entered_at,
    intervals.exited_at,
    intervals.previous_stage,
    intervals.actor_user_id as entry_actor_user_id
from intervals
inner join stages on intervals.stage = stages.stage
