-- A row is a fall into the hole without a cause, a lead in the hole without a band of time, or a status of worth
-- without its sentence (H07): it would drop out of the marts.
{{ config(meta={'dagster': {'ref': {'name': 'mart_black_hole_lead'}}}) }}
with intervals as (select * from {{ ref('fct_black_hole_interval') }}),

leads as (select * from {{ ref('mart_black_hole_lead') }}),

cells as (select * from {{ ref('mart_black_hole') }}),

counted as (
    select
        (select count(*) from intervals where cause is null) as n_without_cause,
        (select count(*) from intervals where is_open) as n_open,
        (select count(*) from leads) as n_listed,
        (select coalesce(sum(n_leads), 0) from cells) as n_told
)

select *
from counted
where n_without_cause > 0 or n_open <> n_listed or n_listed <> n_told
