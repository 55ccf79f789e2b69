with versions as (select * from {{ ref('stg_crm__contacts') }}),

latest as (
    {{ latest_version('versions', ['_source_system', 'contact_id']) }}
)

select
    {{ surrogate_key(["_source_system", "contact_id"]) }} as contact_key,
    _source_system as source_system,
    contact_id,
    account_id,
    created_at,
    first_known_at,
    {{ written_name('full_name', 'first_name', 'last_name') }} as full_name,
    email,
    phone,
    mobile_phone,
    company_name,
    country,
    city,
    opted_out,
    do_not_call,
    _is_deleted as is_deleted
from latest
