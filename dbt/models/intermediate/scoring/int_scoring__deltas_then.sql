-- Signed point changes per lead and group, as we knew it at the time. What could not be computed before
-- its extract came changes its meaning when it comes.
{{ config(materialized='view') }}
with leads as (
    select distinct lead_key, starts_at
    from {{ ref('int_crm__lead_periods') }}
    where starts_at is not null
),

items as (select * from {{ ref('int_scoring__item_intervals_then') }}),

attributes as (select * from {{ ref('int_scoring__attribute_periods_then') }}),

turning_points as (
    select valid_from as turns_at from {{ ref('int_scoring__cap_periods') }}
    union
    select known_from as turns_at from {{ ref('int_scoring__behaviour_presence') }} where known_from is not null
),

deltas as (
    {{ score_deltas('leads', 'items', 'attributes', 'turning_points') }}
)

select * from deltas
