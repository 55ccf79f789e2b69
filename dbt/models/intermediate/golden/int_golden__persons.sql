-- The golden record of each person. Personal data: stays in intermediate.
with provenance as (select * from {{ ref('int_golden__attribute_provenance') }} where entity = 'person'),

memberships as (
    select distinct entity_key from {{ ref('int_identity__memberships') }}
    where entity = 'person' and valid_to is null
),

winners as (
    select
        entity_key,
        max(case when attribute = 'full_name' then attribute_value end) as full_name,
        max(case when attribute = 'full_name' then completeness end) = 3 as has_full_name,
        max(case when attribute = 'title' then attribute_value end) as title,
        max(case when attribute = 'company_name' then attribute_value end) as company_name,
        max(case when attribute = 'email' then attribute_value end) as email,
        max(case when attribute = 'mobile' then attribute_value end) as mobile,
        max(case when attribute = 'phone' then attribute_value end) as phone,
        max(case when attribute = 'city' then attribute_value end) as city,
        max(case when attribute = 'country' then attribute_value end) as country,
        max(case when attribute = 'has_opted_out_of_email' then attribute_value end) = 'true' as has_opted_out_of_email,
        max(case when attribute = 'do_not_call' then attribute_value end) = 'true' as do_not_call
    from provenance
    group by entity_key
)

select
    memberships.entity_key as person_key,
    winners.full_name,
    coalesce(winners.has_full_name, false) as has_full_name,
    winners.title,
    winners.company_name,
    winners.email,
    winners.mobile,
    winners.phone,
    winners.city,
    winners.country,
    coalesce(winners.has_opted_out_of_email, false) as has_opted_out_of_email,
    coalesce(winners.do_not_call, false) as do_not_call
from memberships
left join winners on memberships.entity_key = winners.entity_key
