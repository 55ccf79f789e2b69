-- The log as we know it now in one total order per lead, each event with the one before it.
{{ config(
    materialized='incremental' if var('lifecycle_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_lifecycle__assertions'), 'lead_key', 'event_number = 1') }}"
) }}
{%- set assertions = ref('int_lifecycle__assertions') -%}
{#- A full build reads the log itself three times rather than keep a copy of it. -#}
{%- set log = "(select said.*, as_of.as_of from " ~ assertions ~ " as said cross join as_of)" -%}
{%- set scan = 'held' if reuses_last_build() else log -%}
{%- set events = lifecycle_events('held', scan, ['lead_key']) -%}
with as_of as (select as_of from {{ ref('int_time__as_of') }}),

-- What else than assertions decides: the dictionary and the policy.
rules as (
    select
        {{ rows_digest(['stage', 'stage_rank', 'tie_rank', 'path_kind', 'path_position']) }} as rules_digest,
        {{ policy('lifecycle', 'creation_tolerance_minutes') }} as creation_tolerance,
        {{ policy('lifecycle', 'future_tolerance_minutes') }} as future_tolerance
    from {{ ref('int_lifecycle__stages') }}
),

said as (
    select
        assertions.lead_key, assertions.event_id, assertions.stage, assertions.occurred_at,
        assertions.said_at, assertions.source_sequence, assertions.known_at, assertions.actor_user_id,
        assertions.evidence, assertions.occurred_at > as_of.as_of as is_after_now,
        rules.rules_digest, rules.creation_tolerance, rules.future_tolerance
    from {{ assertions }} as assertions
    cross join as_of
    cross join rules
    where assertions.moves_stage
),

digests as (
    {{ input_digests('said', 'lead_key', [
        'event_id', 'stage', 'occurred_at', 'said_at', 'source_sequence', 'known_at', 'actor_user_id',
        'evidence', 'is_after_now', 'rules_digest', 'creation_tolerance', 'future_tolerance',
    ], lifecycle_events('held', 'scan', ['lead_key'])) | indent(4) }}
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'event_number = 1') | indent(4) }}
),

held as (
    select assertions.*, as_of.as_of, dirty.input_digest
    from {{ assertions }} as assertions
    inner join dirty on assertions.lead_key = dirty.lead_key
    cross join as_of
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
