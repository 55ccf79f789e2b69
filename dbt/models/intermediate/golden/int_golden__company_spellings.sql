-- Each spelling of a company that may name one: placeholders (无, n/a) are left out, and a name with
-- its legal form says more than a short one.
with companies as (select * from {{ ref('int_identifiers__company_names') }}),

blocked_values as (
    select * from {{ ref('identity_blocked_value') }}
    where identifier_type = 'company_legal_key' and {{ in_force_now() }}
)

select
    companies.raw_company_name,
    companies.company_legal_key,
    case when companies.is_short then 1 else 2 end as completeness
from companies
left join blocked_values on companies.company_legal_key = blocked_values.blocked_value
where companies.company_legal_key is not null and blocked_values.blocked_value is null
