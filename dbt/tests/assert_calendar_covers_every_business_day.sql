-- A row is a business day we count in (creation, stage entry, receipt, cost, as-of) that lies beyond
-- the last day of the business calendar: its working time is not known and must not be guessed.
{{ config(meta={'dagster': {'ref': {'name': 'dim_date'}}}) }}
with calendar as (
    select max(date_day) as last_day from {{ ref('dim_date') }}
),

days as (
    select 'as_of' as what, {{ business_date("as_of") }} as business_day from {{ ref('int_time__as_of') }}
    where newest_extract_date is not null
    union all
    select 'lead' as what, max(created_date) as business_day from {{ ref('dim_lead') }}
    union all
    select 'stage' as what, max({{ business_date("entered_at") }}) as business_day
    from {{ ref('fct_lead_stage_interval') }}
    union all
    select 'receipt' as what, max(received_date) as business_day from {{ ref('fct_cash') }}
)

select
    days.what,
    days.business_day
from days
cross join calendar
where days.business_day > calendar.last_day
