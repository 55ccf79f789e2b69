with versions as (select * from {{ ref('stg_crm__leads') }}),

latest as (
    {{ latest_version('versions', ['_source_system', 'lead_id'], ['updated_at']) }}
)

select
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    _source_system as source_system,
    lead_id,
    created_at,
    updated_at,
    first_known_at,
    status,
    owner_id,
    {{ written_name('full_name', 'first_name', 'last_name') }} as full_name,
    email,
    phone,
    mobile_phone,
    company_name,
    title,
    industry,
    employee_count,
    country,
    lead_source,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_term,
    click_id,
    click_id_type,
    converted_account_id,
    converted_contact_id,
    city,
    has_opted_out_of_email,
    do_not_call,
    _is_deleted as is_deleted
from latest
