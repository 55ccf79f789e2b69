with versions as (select * from {{ ref('stg_crm__accounts') }}),

latest as (
    {{ latest_version('versions', ['_source_system', 'account_id']) }}
)

select
    _source_system as source_system,
    account_id,
    created_at,
    first_known_at,
    name as account_name,
    domain,
    unified_credit_code,
    industry,
    employee_count,
    parent_id,
    tier,
    billing_country,
    _is_deleted as is_deleted
from latest
