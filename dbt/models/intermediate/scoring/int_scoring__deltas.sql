-- Signed point changes per lead and group, as known now.
{{ config(materialized='view') }}
with leads as (select lead_key, created_at as starts_at from {{ ref('int_leads__leads') }}),

items as (select * from {{ ref('int_scoring__item_intervals') }}),

attributes as (select * from {{ ref('int_scoring__attribute_periods') }}),

turning_points as (select valid_from as turns_at from {{ ref('int_scoring__cap_periods') }}),

deltas as (
    {{ score_deltas('leads', 'items', 'attributes', 'turning_points') }}
)

select * from deltas
