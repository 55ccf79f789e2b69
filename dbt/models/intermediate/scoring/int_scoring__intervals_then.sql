-- Intervals of constant score, each instant with what we knew at it. What could not be computed before
-- its extract came changes its meaning when it comes.
{{ config(
    materialized='incremental' if var('score_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_crm__lead_periods'), 'lead_key', 'valid_to is null') }}"
) }}
with hits as (select * from {{ ref('int_scoring__lead_hits_then') }}),

attributes as (select * from {{ ref('int_scoring__attribute_periods_then') }}),

leads as (
    select distinct lead_key, starts_at
    from {{ ref('int_crm__lead_periods') }}
    where starts_at is not null
),

turning_points as (
    select valid_from as turns_at from {{ ref('int_scoring__cap_periods') }}
    union
    select known_from as turns_at from {{ ref('int_scoring__behaviour_presence') }} where known_from is not null
),

scored as (
    {{ scored_leads('hits', 'attributes', 'leads', 'turning_points', 'presence.known_from') }}
)

select * from scored
