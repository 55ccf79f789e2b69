-- One row per uninterrupted stay of a lead in a stage; passages, visits and moves are those of
-- DECISIONS.md.
{{ config(
    materialized='incremental' if var('lifecycle_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_lifecycle__stage_events'), 'lead_key') }}"
) }}
{%- set stays = lifecycle_stays('dirty_events', ['lead_key']) -%}
with events as (select * from {{ ref('int_lifecycle__stage_events') }}),

first_events as (select lead_key, input_digest from events where event_number = 1),

digests as (
    {{ input_digests('first_events', 'lead_key', ['input_digest'], stays) | indent(4) }}
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'stay_number = 1') | indent(4) }}
),

dirty_events as (
    select events.*
    from events
    inner join dirty on events.lead_key = dirty.lead_key
),

stays as (
    {{ stays | indent(4) }}
)

select
    stays.lead_key,
    stays.event_id,
    stays.stage,
    stays.stage_rank,
    stays.path_kind,
    stays.path_position,
    stays.entered_at,
    stays.exited_at,
    stays.known_at,
    stays.actor_user_id,
    stays.evidence,
    stays.previous_stage,
    stays.next_stage,
    stays.stay_number,
    stays.passage_number,
    stays.visit_number,
    stays.lifetime_visit_number,
    stays.move,
    dirty.input_digest
from stays
inner join dirty on stays.lead_key = dirty.lead_key
