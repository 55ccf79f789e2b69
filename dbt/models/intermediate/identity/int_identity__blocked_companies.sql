-- Legal keys that name no company, by the lists of blocked values and patterns.
with companies as (select * from {{ ref('int_identifiers__company_names') }}),

blocked_values as (
    select * from {{ ref('identity_blocked_value') }}
    where identifier_type = 'company_legal_key' and {{ in_force_now() }}
),

blocked_patterns as (
    select * from {{ ref('identity_blocked_pattern') }}
    where identifier_type = 'company_legal_key' and {{ in_force_now() }}
)

select companies.company_legal_key
from companies
inner join blocked_values on companies.company_legal_key = blocked_values.blocked_value
union
select companies.company_legal_key
from companies
inner join blocked_patterns on {{ regex_like("companies.company_legal_key", "blocked_patterns.value_regex") }}
