-- Intervals of constant score, as known now.
{{ config(
    materialized='incremental' if var('score_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_leads__leads'), 'lead_key', 'valid_to is null') }}"
) }}
with hits as (select * from {{ ref('int_scoring__lead_hits') }}),

attributes as (select * from {{ ref('int_scoring__attribute_periods') }}),

leads as (select lead_key, created_at as starts_at from {{ ref('int_leads__leads') }}),

turning_points as (select valid_from as turns_at from {{ ref('int_scoring__cap_periods') }}),

scored as (
    {{ scored_leads('hits', 'attributes', 'leads', 'turning_points', 'presence.computable_from') }}
)

select * from scored
