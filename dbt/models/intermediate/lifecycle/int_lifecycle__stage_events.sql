-- The log as we know it now in one total order per lead, each event with the one before it.
{{ config(
    materialized='incremental' if var('lifecycle_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_lifecycle__assertions'), 'lead_key') }}"
) }}
{%- set inputs = lifecycle_inputs('held') -%}
{%- set events = lifecycle_events('dirty_inputs', ['lead_key']) -%}
with as_of as (select as_of from {{ ref('int_time__as_of') }}),

held as (
    select assertions.*, as_of.as_of
    from {{ ref('int_lifecycle__assertions') }} as assertions
    cross join as_of
),

inputs as (
    {{ inputs | indent(4) }}
),

digests as (
    {{ input_digests('inputs', 'lead_key', [
        'event_id', 'stage', 'occurred_at', 'said_at', 'source_sequence', 'known_at', 'actor_user_id',
        'evidence', 'stage_rank', 'tie_rank', 'path_kind', 'path_position', 'is_in_future',
        'is_known_before_it_happened', 'creation_tolerance_s',
    ], inputs ~ events) | indent(4) }}
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'event_number = 1') | indent(4) }}
),

dirty_inputs as (
    select inputs.*, dirty.input_digest
    from inputs
    inner join dirty on inputs.lead_key = dirty.lead_key
),

events as (
    {{ events | indent(4) }}
)

select
    event_id,
    lead_key,
    stage,
    stage_rank,
    tie_rank,
    path_kind,
    path_position,
    occurred_at,
    effective_at,
    source_sequence,
    known_at,
    actor_user_id,
    evidence,
    is_before_creation,
    is_known_before_it_happened,
    is_in_future,
    event_number,
    previous_stage,
    previous_path_kind,
    previous_path_position,
    input_digest
from events
