-- One row per uninterrupted stay of a lead in a stage; passages, visits and moves are those of
-- DECISIONS.md.
{{ config(
    materialized='incremental' if var('lifecycle_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_lifecycle__stage_events'), 'lead_key', 'stay_number = 1') }}"
) }}
{%- set events = ref('int_lifecycle__stage_events') -%}
{%- set code = lifecycle_stays('events', ['lead_key']) -%}
{%- set digest = row_digest(["input_digest", "'" ~ local_md5(code) ~ "'"]) -%}
with digests as (
    select lead_key, {{ digest }} as input_digest
    from {{ events }}
    where event_number = 1
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'stay_number = 1') | indent(4) }}
),

dirty_events as (
    select events.*
    from {{ events }} as events
    {% if reuses_last_build() -%}
    inner join dirty on events.lead_key = dirty.lead_key
    {%- endif %}
),

stays as (
    {{ lifecycle_stays('dirty_events', ['lead_key'], ['input_digest']) | indent(4) }}
)

select
    lead_key,
    event_id,
    stage,
    stage_rank,
    path_kind,
    path_position,
    entered_at,
    exited_at,
    known_at,
    actor_user_id,
    evidence,
    previous_stage,
    next_stage,
    stay_number,
    passage_number,
    visit_number,
    lifetime_visit_number,
    move,
    {{ digest }} as input_digest
from stays
