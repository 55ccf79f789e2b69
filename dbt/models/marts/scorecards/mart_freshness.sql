-- Up to which day each mart knows what happened, as far as its extracts go: of extracts that replace
-- each other the newest, of those it needs together the oldest.
with requirements as (select * from {{ ref('measure_requirement') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }} where is_present),

slas as (select * from {{ ref('freshness_sla') }} where {{ in_force_now() }}),

as_of as (select {{ business_date("as_of") }} as today from {{ ref('int_time__as_of') }}),

extracts as (
    select
        presence.extract_table,
        presence.newest_extract_date,
        as_of.today,
        coalesce(own.max_age_days, others.max_age_days) as max_age_days
    from presence
    cross join as_of
    left join slas as own on presence.extract_table = own.extract_table
    left join slas as others on others.extract_table = '*'
),

groups_met as (
    select
        requirements.mart,
        requirements.measure_id,
        requirements.alternative_group,
        max(extracts.newest_extract_date) as newest_extract_date,
        max_by(extracts.extract_table, extracts.newest_extract_date) as extract_table,
        max_by(extracts.max_age_days, extracts.newest_extract_date) as max_age_days,
        max(extracts.today) as today
    from requirements
    inner join extracts on requirements.extract_table = extracts.extract_table
    group by requirements.mart, requirements.measure_id, requirements.alternative_group
),

aged as (
    select
        *,
        cast(
            {{ seconds_between("cast(newest_extract_date as timestamp)", "cast(today as timestamp)") }}
            / 86400 as integer
        )
            as age_days
    from groups_met
)

select
    mart,
    min(newest_extract_date) as data_as_of,
    max(age_days) as age_days,
    max_by(extract_table, age_days - max_age_days) as oldest_extract,
    max_by(cast(max_age_days as integer), age_days - max_age_days) as max_age_days,
    max(age_days - max_age_days) > 0 as is_stale
from aged
group by mart
