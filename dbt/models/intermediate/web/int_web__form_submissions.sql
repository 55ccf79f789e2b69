with deliveries as (select * from {{ ref('stg_web__form_submissions') }}),

submissions as (
    {{ latest_version('deliveries', ['_source_system', 'submission_id'], ['received_at']) }}
)

select
    {{ surrogate_key(["_source_system", "submission_id"]) }} as submission_key,
    _source_system as source_system,
    submission_id,
    form_kind,
    submitted_at,
    first_known_at,
    anonymous_id,
    session_id,
    lower(utm_source) as utm_source,
    lower(utm_medium) as utm_medium,
    utm_campaign,
    utm_term,
    {{ click_id_type("page_url") }} as click_id_type,
    {{ click_id("page_url") }} as click_id,
    {{ referring_page("referrer", "page_url", "utm_source") }} as referrer,
    asset_id,
    email,
    phone,
    name as full_name,
    company as company_name,
    title
from submissions
where not _is_deleted
