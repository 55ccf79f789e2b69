-- Periods in which no row about channels changes. The first reaches back over all earlier time: what
-- happened before the oldest rules is read by them.
with rules as (select * from {{ ref('channel_rule') }}),

platforms as (select * from {{ ref('traffic_platform') }}),

platform_names as (select * from {{ ref('traffic_platform_name') }}),

changes as (
    select valid_from as changed_on from rules
    union
    select valid_to as changed_on from rules
    union
    select valid_from as changed_on from platforms
    union
    select valid_to as changed_on from platforms
    union
    select valid_from as changed_on from platform_names
    union
    select valid_to as changed_on from platform_names
)

select
    changed_on as rules_of,
    case
        when lag(changed_on) over (order by changed_on asc nulls last) is null then date '0001-01-01'
        else changed_on
    end as valid_from,
    lead(changed_on) over (order by changed_on asc nulls last) as valid_to
from changes
where changed_on is not null
