-- What is watched for its daily volume: one row per thing that happened, with its series.
with leads as (select * from {{ ref('int_leads__leads') }}),

submissions as (select * from {{ ref('int_web__form_submissions') }}),

sessions as (select * from {{ ref('int_web__sessions') }}),

calls as (select * from {{ ref('int_engagement__calls') }})

select 'leads' as volume_series, channel, created_at as happened_at from leads
union all
select 'forms' as volume_series, cast(null as {{ dbt.type_string() }}) as channel, submitted_at as happened_at
from submissions
union all
select 'visits' as volume_series, cast(null as {{ dbt.type_string() }}) as channel, started_at as happened_at
from sessions
union all
select 'calls' as volume_series, cast(null as {{ dbt.type_string() }}) as channel, started_at as happened_at
from calls
