-- The golden record of each account.
with provenance as (select * from {{ ref('int_golden__attribute_provenance') }} where entity = 'account'),

memberships as (
    select distinct entity_key from {{ ref('int_identity__memberships') }}
    where entity = 'account' and valid_to is null
),

winners as (
    select
        entity_key,
        max(case when attribute = 'name' then attribute_value end) as account_name,
        max(case when attribute = 'credit_code' then attribute_value end) as credit_code,
        max(case when attribute = 'credit_code' then completeness end) = 2 as has_valid_credit_code,
        max(case when attribute = 'domain' then attribute_value end) as domain,
        max(case when attribute = 'industry' then attribute_value end) as industry,
        max(case when attribute = 'employee_count' then attribute_value end) as employee_count,
        max(case when attribute = 'tier' then attribute_value end) as tier,
        max(case when attribute = 'city' then attribute_value end) as city,
        max(case when attribute = 'country' then attribute_value end) as country,
        max(case when attribute = 'parent_account_key' then attribute_value end) as parent_account_key
    from provenance
    group by entity_key
)

select
    memberships.entity_key as account_key,
    winners.account_name,
    winners.credit_code,
    coalesce(winners.has_valid_credit_code, false) as has_valid_credit_code,
    winners.domain,
    winners.industry,
    try_cast(winners.employee_count as bigint) as employee_count,
    winners.tier,
    winners.city,
    winners.country,
    winners.parent_account_key
from memberships
left join winners on memberships.entity_key = winners.entity_key
